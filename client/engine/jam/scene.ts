/**
 * A scene: a manner of playing that ships in presets/scenes, in words a musician knows. It says who plays and how; what
 * it does not say is as usual, and the mix (levels, places, outputs) stays as the player has it.
 */
import { Failure } from "#base/failure.ts";
import {
  CHOICE_NAMES,
  CHOICES,
  type ChoiceValues,
  offeredChoices,
  USUAL_CHOICES,
} from "#engine/compose/choices.ts";
import {
  type ControlName,
  fits,
  JAM_CONTROLS,
  rangeText,
  usualValues,
} from "#engine/compose/controls.ts";
import { DRUMS, INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { COMMON_TIME, parseMetre } from "#music/metre.ts";
import { type Performance, withControls } from "./performance.ts";

/** Numbers that a scene may set. */
const NUMBERS: readonly ControlName[] = JAM_CONTROLS.filter((name) => name !== "seed");

/** What a scene's file may say besides. */
const WORDS = ["name", "lead", "drums", "band", "key", "metre"];

/**
 * The performance of a scene, for a player who has `now`.
 * @param scene JSON of its file @throws Failure "unreadable" naming what is wrong in it
 */
export function performanceOf(scene: unknown, now: Performance): Performance {
  if (typeof scene !== "object" || scene === null) throw unreadable("it is no object");
  const said = scene as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(said).find(
    (name) => ![...NUMBERS, ...CHOICE_NAMES, ...WORDS].includes(name),
  );
  if (unknown !== undefined) throw unreadable(`"${unknown}" is nothing that a scene says`);
  const lead = instrumentOf(said.lead);
  const band = listOf(said.band).map(instrumentOf);
  if (!LEAD_INSTRUMENTS.includes(lead) || !band.includes(lead))
    throw unreadable("its lead is not in its band");
  const quiet = now.strips.map((strip) => ({
    ...strip,
    enabled: band.includes(strip.instrument),
    limits: {},
    ...{ pitches: "all" as const, velocities: "band" as const },
  }));
  return withControls(
    { ...now, strips: quiet },
    {
      ...usualValues(JAM_CONTROLS),
      ...USUAL_CHOICES,
      ...numbersOf(said),
      ...choicesOf(said),
      seed: now.controls.seed,
      lead,
      drums: said.drums === true,
      key: typeof said.key === "string" ? parseKey(said.key) : undefined,
      metre: typeof said.metre === "string" ? parseMetre(said.metre) : COMMON_TIME,
    },
  );
}

function numbersOf(said: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    NUMBERS.filter((name) => said[name] !== undefined).map((name) => {
      const value = said[name];
      if (typeof value !== "number" || !fits(name, value))
        throw unreadable(`${name} must be ${rangeText(name)}`);
      return [name, value];
    }),
  );
}

function choicesOf(said: Readonly<Record<string, unknown>>): ChoiceValues {
  for (const name of CHOICE_NAMES) {
    const offered = Object.keys(CHOICES[name].options);
    if (said[name] !== undefined && !offered.includes(String(said[name])))
      throw unreadable(`${name} must be one of ${offered.join(", ")}`);
  }
  return offeredChoices(said, USUAL_CHOICES);
}

function instrumentOf(name: unknown): Instrument {
  const instrument = (INSTRUMENTS as readonly unknown[]).indexOf(name);
  if (instrument < 0 || instrument === DRUMS)
    throw unreadable(`"${name}" is none of the melodic instruments`);
  return instrument;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const unreadable = (what: string): Failure =>
  new Failure("unreadable", `This scene cannot be played: ${what}; choose another.`);
