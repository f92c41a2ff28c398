/**
 * What the player has set: controls, strips, chart and course, one immutable value. It is all that undo and banks have to keep:
 * given back to the session, it sounds so again. What is only shown stands in telemetry.ts.
 */
import { threefryWord } from "#base/random.ts";
import {
  CHOICE_NAMES,
  CHOICES,
  type ChoiceValues,
  offeredChoices,
} from "#engine/compose/choices.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import {
  CONTROLS,
  type ControlValues,
  JAM_CONTROLS,
  samplingOf,
  within,
} from "#engine/compose/controls.ts";
import { type QuantileName, type VelocityPart, withQuantiles } from "#engine/compose/quantiles.ts";
import { styleIndex } from "#music/chart/conditions.ts";
import { inKeyOf, type PlayerChart, saysTheSame, UNWRITTEN } from "#music/chart/player-chart.ts";
import {
  DRUMS,
  INSTRUMENTS,
  type Instrument,
  instrumentByName,
  LEAD_INSTRUMENTS,
} from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import { type Metre, type MetreMap, sameMetre } from "#music/metre.ts";
import { type PartLimits, sameLimits } from "#music/rules/part.ts";
import { type Course, STRAIGHT_ON, seedAt } from "./course.ts";
import type { Route } from "./route.ts";

/** One instrument's strip. */
export interface Strip {
  readonly instrument: Instrument;
  readonly muted: boolean;
  readonly soloed: boolean;
  /** Gain 0-1 of the fader; 0.8 is the kit's own balance. */
  readonly level: number;
  /** -1 left to 1 right, added to the kit's own place. */
  readonly pan: number;
  /** Whether the model may give it notes (always true for the lead). */
  readonly enabled: boolean;
  readonly route: Route;
  /** Register, polyphony and density of its part. */
  readonly limits: PartLimits;
  /** Which part of the pitches that the model would play is left. */
  readonly pitches: QuantileName;
  /** Which part of the velocities, if it is not the band's. */
  readonly velocities: VelocityPart;
}

/** What the player has set for the whole band. */
export interface Controls extends ControlValues<(typeof JAM_CONTROLS)[number]>, ChoiceValues {
  readonly lead: Instrument;
  readonly drums: boolean;
  readonly metre: Metre;
  readonly key: Key | undefined;
}

/** See the header. */
export interface Performance {
  readonly controls: Controls;
  /** One for each instrument, by its id. */
  readonly strips: readonly Strip[];
  /** What the player wrote of the chart. */
  readonly chart: PlayerChart;
  /** What goes round, and what else was asked of the piece. */
  readonly course: Course;
}

/** The performance of a new session. */
export const firstPerformance = (controls: Controls): Performance => ({
  controls,
  chart: UNWRITTEN,
  course: STRAIGHT_ON,
  strips: INSTRUMENTS.map((_, instrument) => ({
    instrument,
    muted: false,
    soloed: false,
    level: 0.8,
    pan: 0,
    enabled: instrument !== DRUMS || controls.drums,
    route: { kind: "voice" },
    limits: {},
    pitches: "all",
    velocities: "band",
  })),
});

/**
 * Controls moved, each within its limits; a lead that cannot lead is left as it was. The strips keep in step: the drums
 * follow their switch, the lead always plays.
 */
export function withControls(before: Performance, change: Partial<Controls>): Performance {
  const moved = { ...before.controls, ...change };
  const controls = {
    ...moved,
    ...Object.fromEntries(JAM_CONTROLS.map((name) => [name, within(name, moved[name])])),
    ...offeredChoices(moved, before.controls),
    lead: LEAD_INSTRUMENTS.includes(moved.lead) ? moved.lead : before.controls.lead,
  };
  const strips = before.strips.map((strip) => {
    if (strip.instrument === DRUMS) return { ...strip, enabled: controls.drums };
    return strip.instrument === controls.lead ? { ...strip, enabled: true } : strip;
  });
  return { ...before, controls, strips, chart: inKeyOf(before.chart, controls.key) };
}

/** The same for a new piece: another seed, and nothing that was asked of the old one. */
export function forAnotherPiece(before: Performance): Performance {
  const seed = threefryWord(before.controls.seed, 0, 1, 0) & 0xffff;
  return withControls({ ...before, course: STRAIGHT_ON }, { seed });
}

/** One strip changed; the lead cannot be disabled, and the drums' strip is the drums' switch. */
export function withStrip(
  before: Performance,
  instrument: Instrument,
  change: Partial<Strip>,
): Performance {
  const strip = { ...before.strips[instrument], ...change, instrument };
  const strips = before.strips.with(instrument, strip);
  return withControls({ ...before, strips }, instrument === DRUMS ? { drums: strip.enabled } : {});
}

/** Whether what is composed differs between two performances: tempo, groove, levels and routes change nothing there. */
export function composesOtherwise(a: Performance, b: Performance): boolean {
  const [one, other] = [a.controls, b.controls];
  return (
    one.lead !== other.lead ||
    one.drums !== other.drums ||
    !sameMetre(one.metre, other.metre) ||
    one.key?.tonic !== other.key?.tonic ||
    one.key?.scale !== other.key?.scale ||
    JAM_CONTROLS.some((name) => CONTROLS[name].retakes && one[name] !== other[name]) ||
    CHOICE_NAMES.some((name) => CHOICES[name].retakes && one[name] !== other[name]) ||
    !saysTheSame(a.chart, b.chart) ||
    a.course !== b.course ||
    a.strips.some((strip, instrument) => playsOtherwise(strip, b.strips[instrument]))
  );
}

const playsOtherwise = (a: Strip, b: Strip): boolean =>
  a.enabled !== b.enabled ||
  a.pitches !== b.pitches ||
  a.velocities !== b.velocities ||
  !sameLimits(a.limits, b.limits);

/** Whether the model gives an instrument no note, since a human plays it; a lead that takes turns rests in some bars alone. */
const isLeft = (played: Instrument, { company, lead }: Controls): boolean =>
  company === "accompany" || company === "follow" || (company === "call" && played !== lead);

/**
 * What the composer is told. @param metres those of what is planned too @param density most notes a whole note, if there
 * is a limit @param endsAt the bar line at which the piece ends, in steps, if it does
 */
export function compositionSettings(
  { controls, strips, course }: Performance,
  metres: MetreMap,
  density?: number,
  endsAt?: number,
): CompositionSettings {
  const { lead, drums, key, seed, tempo, chordLock, grid, velocities } = controls;
  const band: Instrument[] = strips
    .filter((strip) => strip.enabled && strip.instrument !== DRUMS)
    .map((strip) => strip.instrument);
  const who = {
    lead,
    drums,
    ...(band.length === LEAD_INSTRUMENTS.length ? {} : { band }),
    ...(key === undefined ? {} : { key }),
  };
  const style = styleIndex(controls.style);
  const played = instrumentByName(controls.hand);
  const limited = strips.some(({ limits }) => !sameLimits(limits, {}));
  return {
    constraint: {
      ...who,
      metres: metres.points,
      chordLock,
      grid,
      ...(played !== undefined && isLeft(played, controls) ? { silent: [played] } : {}),
      ...(limited ? { parts: strips.map(({ limits }) => limits) } : {}),
      ...(density === undefined ? {} : { density }),
    },
    sampling: withQuantiles(samplingOf(controls), {
      pitches: strips.map(({ pitches }) => pitches),
      velocities: strips.map((strip) => strip.velocities),
      band: velocities,
    }),
    seed: seedAt(seed, course.turn),
    tempo,
    ...(endsAt === undefined ? {} : { endsAt }),
    chart: {
      ...(style === undefined ? {} : { style }),
      arranged: {
        seed,
        ...who,
        density: controls.density,
        energy: controls.energy,
        novelty: controls.novelty,
        ...(endsAt === undefined ? {} : { endsAt: metres.barAt(endsAt).index }),
      },
    },
  };
}

/** For each strip, whether it is heard, as mixers have it: mute silences; once one is soloed, only those are heard. */
export function audibleStrips(strips: readonly Strip[]): boolean[] {
  const solo = strips.some((strip) => strip.soloed);
  return strips.map((strip) => !strip.muted && (!solo || strip.soloed));
}
