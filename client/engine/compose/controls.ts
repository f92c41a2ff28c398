/**
 * The controls that take a number, each declared once: name, range, default, unit and what it does to the music. The
 * page's dials and fields, the command line's options, the server's schema and every check read them here; a new one
 * is added here and in `samplingOf` or wherever it acts.
 */
import { Failure } from "#base/failure.ts";
import { type Groove, STRAIGHT } from "#music/groove.ts";
import { DEFAULT_TEMPO, TEMPO_RANGE } from "#music/units.ts";
import type { SamplingSettings } from "./composition.ts";

/** A control that takes a number from `lowest` to `highest`. */
export interface NumberControl {
  readonly lowest: number;
  readonly highest: number;
  /** Where it stands if nobody has set it; a seed is drawn instead. */
  readonly usual?: number;
  /** The smallest change that matters; 1 means whole numbers only. */
  readonly step: number;
  readonly unit?: string;
  /** Said beside it. */
  readonly label: string;
  /** What it does to the music. */
  readonly hint: string;
  /** Whether music composed ahead no longer fits once it has moved. */
  readonly retakes: boolean;
}

/** Most of what is asked for by a seed. */
const MOST_SEEDS = 0xffffffff;

/** How daring one kind of token is drawn, as a part of the whole. */
const WARMTH = { lowest: 0.5, highest: 1.5, usual: 1, step: 0.01, retakes: true } as const;

/** Which notes swing, and the steps of two of them. */
export const SWUNG_PAIRS = { "8ths": 8, "16ths": 4 } as const;
export type SwungNotes = keyof typeof SWUNG_PAIRS;

/** Levels added to those of the arrangement. */
const LEVELS = { lowest: -3, highest: 3, usual: 0, step: 1, retakes: true } as const;

const declared = <Name extends string>(controls: Record<Name, NumberControl>) => controls;

/** Those that a whole piece is asked for with, in the order a form shows them. */
export const PIECE_CONTROLS = declared({
  bars: {
    ...{ lowest: 1, highest: 512, usual: 16, step: 1, retakes: false },
    ...{ label: "Bars", hint: "length of a piece" },
  },
  tracks: {
    ...{ lowest: 1, highest: 16, usual: 1, step: 1, retakes: false },
    ...{ label: "Tracks", hint: "pieces made at once" },
  },
  tempo: {
    ...{ ...TEMPO_RANGE, usual: DEFAULT_TEMPO, step: 0.01, unit: "bpm", retakes: false },
    ...{ label: "Tempo", hint: "quarter notes a minute" },
  },
  seed: {
    ...{ lowest: 0, highest: MOST_SEEDS, step: 1, retakes: false },
    ...{ label: "Seed", hint: "the same seed gives the same music" },
  },
  temperature: {
    ...{ lowest: 0, highest: 2, usual: 1, step: 0.01, retakes: true },
    ...{
      label: "daring",
      hint: "low keeps to the likeliest notes, high surprises (temperature)",
    },
  },
  topP: {
    ...{ lowest: 0.01, highest: 1, usual: 0.99, step: 0.01, retakes: true },
    ...{
      label: "choice",
      hint: "how many of the likely notes may be chosen: lower is safer (top-p)",
    },
  },
  rhythmWarmth: {
    ...WARMTH,
    ...{ label: "rhythm", hint: "how daring when notes come, beside the other dials" },
  },
  dynamicsWarmth: {
    ...WARMTH,
    ...{ label: "touch", hint: "how daring lengths and loudness are, beside the other dials" },
  },
  pitchWarmth: {
    ...WARMTH,
    ...{ label: "pitch", hint: "how daring who plays which pitch is, beside the other dials" },
  },
  legato: {
    ...{ lowest: -1, highest: 1, usual: 0, step: 0.05, retakes: true },
    ...{ label: "legato", hint: "longer or shorter notes than the band plays by itself" },
  },
  minP: {
    ...{ lowest: 0, highest: 0.2, usual: 0, step: 0.005, retakes: true },
    ...{
      label: "floor",
      hint: "leaves out what is less likely than this share of the likeliest (min-p)",
    },
  },
  density: {
    ...LEVELS,
    ...{ label: "density", hint: "more or fewer notes than the arrangement has by itself" },
  },
  energy: {
    ...LEVELS,
    ...{ label: "energy", hint: "louder or softer than the arrangement is by itself" },
  },
  swing: {
    ...{ lowest: 50, highest: 75, usual: 50, step: 1, unit: "%", retakes: false },
    ...{ label: "swing", hint: "how late the second of a pair comes: 50 is even, 67 are triplets" },
  },
  humanise: {
    ...{ lowest: 0, highest: 1, usual: 0, step: 0.01, retakes: false },
    ...{ label: "human", hint: "how uneven time and loudness are played, as by people" },
  },
  novelty: {
    ...LEVELS,
    ...{
      label: "novelty",
      hint: "newer bars than by itself and fewer that come back, or more alike and more that do",
    },
  },
});

/** Those that only music has which is changed while it plays. */
const LIVE_CONTROLS = declared({
  horizon: {
    ...{ lowest: 0.25, highest: 8, usual: 1, step: 0.25, unit: "beats", retakes: false },
    ...{
      label: "settled",
      hint: "beats ahead that a change leaves as they are, 0.25 to 4 s: fewer answer sooner, more can be read (commit horizon)",
    },
  },
});

/** Every control. */
export const CONTROLS = { ...PIECE_CONTROLS, ...LIVE_CONTROLS };

/** A control's name; one of a whole piece. */
export type ControlName = keyof typeof CONTROLS;
export type PieceControlName = keyof typeof PIECE_CONTROLS;

/** Those that decide how tokens are drawn; a dial each. */
export const SAMPLING_CONTROLS = ["temperature", "topP"] as const satisfies readonly ControlName[];

/** Those that are seldom turned, beside them. */
export const SUBTLE_CONTROLS = [
  "rhythmWarmth",
  "dynamicsWarmth",
  "pitchWarmth",
  "legato",
  "minP",
] as const satisfies readonly ControlName[];

/** Those that move what the arranger writes; heard where the model reads a chart. */
export const ARRANGING_CONTROLS = [
  "density",
  "energy",
  "novelty",
] as const satisfies readonly ControlName[];

/** Those that say how far ahead music stays as it is. */
export const PLANNING_CONTROLS = ["horizon"] as const satisfies readonly ControlName[];

/** Those that say how notes are played that are composed already. */
export const GROOVE_CONTROLS = ["swing", "humanise"] as const satisfies readonly ControlName[];

/** Those that a request may leave as they usually are. */
type SparedName =
  | (typeof SUBTLE_CONTROLS)[number]
  | (typeof ARRANGING_CONTROLS)[number]
  | (typeof GROOVE_CONTROLS)[number];

/** Those the jam has. */
export const JAM_CONTROLS = [
  "tempo",
  "seed",
  ...SAMPLING_CONTROLS,
  ...SUBTLE_CONTROLS,
  ...ARRANGING_CONTROLS,
  ...GROOVE_CONTROLS,
  ...PLANNING_CONTROLS,
] as const satisfies readonly ControlName[];

/** A number for each control. */
export type ControlValues<Name extends ControlName = ControlName> = Readonly<Record<Name, number>>;

/** What a whole piece is asked for with: what is seldom set may be left out. */
export type RequestedValues = ControlValues<Exclude<PieceControlName, SparedName>> &
  Partial<ControlValues<SparedName>>;

/**
 * Times are drawn from fewer than the rest, the choice taken to this power: of .99 some .975. One stray time moves all that
 * follows off the beat, where a small model stays.
 */
const RHYTHM_CHOICE = 2.5;

/**
 * Nats for each doubling of a note's length (`SampleWay.stretch`): what the model shortens notes by itself when it goes on from
 * its own, and what a legato of 1 adds. bench/LOG.md has how it was found.
 */
const LENGTHENED = { usual: 0.06, legato: 0.25 } as const;

/** How tokens are drawn under these controls. */
export function samplingOf({
  temperature,
  topP,
  minP = 0,
  rhythmWarmth = 1,
  dynamicsWarmth = 1,
  pitchWarmth = 1,
  legato = 0,
}: Pick<RequestedValues, (typeof SAMPLING_CONTROLS)[number] | SparedName>): SamplingSettings {
  const way = (warmth: number, choice = 1) => ({
    temperature: Math.min(CONTROLS.temperature.highest, temperature * warmth),
    topP: topP ** choice,
    ...(minP > 0 ? { minP } : {}),
  });
  return {
    rhythm: way(rhythmWarmth, RHYTHM_CHOICE),
    dynamics: {
      ...way(dynamicsWarmth),
      stretch: LENGTHENED.usual + LENGTHENED.legato * legato,
    },
    pitch: way(pitchWarmth),
  };
}

/** How notes are played under these controls; eighths swing where nothing else is said. */
export function grooveOf({
  swing = 50,
  humanise = 0,
  seed,
  swungNotes = "8ths",
}: Pick<RequestedValues, "seed" | (typeof GROOVE_CONTROLS)[number]> & {
  readonly swungNotes?: SwungNotes;
}): Groove {
  const drawn = humanise === 0 ? STRAIGHT.seed : seed;
  return { swing: swing / 100, pair: SWUNG_PAIRS[swungNotes], human: humanise, seed: drawn };
}

/** Where the controls stand if nobody has set them. */
export const usualValues = <Name extends ControlName>(
  names: readonly Name[],
): ControlValues<Name> =>
  Object.fromEntries(
    names.map((name) => [name, CONTROLS[name].usual ?? CONTROLS[name].lowest]),
  ) as ControlValues<Name>;

/** What a control may be: "a whole number from 1 to 16". */
export function rangeText(name: ControlName): string {
  const { lowest, highest, step } = CONTROLS[name];
  return `a ${step === 1 ? "whole number" : "number"} from ${lowest} to ${highest}`;
}

/** Whether a control may take a value. */
export function fits(name: ControlName, value: number): boolean {
  const { lowest, highest, step } = CONTROLS[name];
  return value >= lowest && value <= highest && (step !== 1 || Number.isInteger(value));
}

/** The nearest value that a control may take. */
export function within(name: ControlName, value: number): number {
  const { lowest, highest, step } = CONTROLS[name];
  return Math.min(highest, Math.max(lowest, step === 1 ? Math.round(value) : value));
}

/** Throws Failure "usage" naming the first control whose value it may not take. */
export function checkControls(values: RequestedValues): void {
  for (const name of Object.keys(PIECE_CONTROLS) as PieceControlName[]) {
    const { usual }: NumberControl = PIECE_CONTROLS[name];
    const value = values[name] ?? usual ?? Number.NaN;
    if (!fits(name, value))
      throw new Failure("usage", `${name} ${values[name]} must be ${rangeText(name)}.`);
  }
}
