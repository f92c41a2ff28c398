/**
 * The controls that take one of a few things, each declared once as those that take a number are (controls.ts): what may
 * be chosen and its name, what is usual, what it does to the music.
 */
import { CLICK_LEVELS, type Clicking, COUNT_INS } from "#engine/play/metronome.ts";
import { RAMPS, type Timing } from "#engine/play/tempo-ramp.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { CHORD_LOCKS, type ChordLock } from "#music/rules/chart-rules.ts";
import { GRIDS, type GridName } from "#music/rules/grid.ts";
import { USUAL_CHORD_LOCK } from "./composition.ts";
import { SWUNG_PAIRS, type SwungNotes } from "./controls.ts";
import type { QuantileName, VelocityPart } from "./quantiles.ts";

/** Bars that are traded, by what the band does with a human who plays; 0 where none are. */
export const TRADED = {
  ...{ accompany: 0, duet: 0, call: 0 },
  ...{ trade1: 1, trade2: 2, trade4: 4, trade8: 8 },
  follow: 0,
} as const;
type CompanyName = keyof typeof TRADED;

/** Bars over which a style is reached that is chosen while music plays. */
export const MORPHS = {
  "at once": 0,
  ...{ "4 bars": 4, "8 bars": 8, "16 bars": 16, "32 bars": 32 },
} as const;

/** A control that takes one of `options`. */
export interface ChoiceControl<Option extends string = string> {
  /** What may be chosen, and its name for people. */
  readonly options: Readonly<Record<Option, string>>;
  readonly usual: Option;
  readonly label: string;
  /** What it does to the music. */
  readonly hint: string;
  /** Whether music composed ahead no longer fits once it has moved. */
  readonly retakes: boolean;
}

/** What is offered for a part's limits that are counted. */
export const COUNTED_LIMITS = {
  polyphony: [1, 2, 3, 4, 5, 6, 8],
  density: [1, 2, 4, 6, 8, 12, 16, 24, 32],
} as const;

/** What a strip may choose of its pitches. */
export const PITCH_PARTS: Readonly<Record<QuantileName, string>> = {
  all: "as they come",
  lower: "lower half",
  middle: "middle",
  upper: "upper half",
};

const BAND_VELOCITIES: Readonly<Record<QuantileName, string>> = {
  ...{ all: "as it comes", lower: "softer half", middle: "middle", upper: "louder half" },
};

/** What a strip may choose of its velocities. */
export const VELOCITY_PARTS: Readonly<Record<VelocityPart, string>> = {
  band: "as the band's",
  ...BAND_VELOCITIES,
};

const CHORD_LOCK_NAMES: Readonly<Record<ChordLock, string>> = {
  soft: "as read by the model",
  beats: "on the beats",
  scale: "and scale between",
  strict: "chord tones only",
};

const named = <Option extends string>(
  options: readonly Option[],
  nameOf: (option: Option) => string,
) =>
  Object.fromEntries(options.map((option) => [option, nameOf(option)])) as Record<Option, string>;

const ANY_STYLE = "any";
const NOBODY = "nobody";

const choice = <Option extends string>(control: ChoiceControl<Option>) => control;

/** Every choice the jam has, in the order the page shows them. */
export const CHOICES = {
  chordLock: choice<ChordLock>({
    options: named(CHORD_LOCKS, (lock) => CHORD_LOCK_NAMES[lock]),
    usual: USUAL_CHORD_LOCK,
    ...{
      label: "Chords",
      hint: "how strictly melody keeps to the chords of the arrangement",
      retakes: true,
    },
  }),
  grid: choice<GridName>({
    options: named(GRIDS, (grid) => (grid === "1/32" ? "1/32, as it comes" : grid)),
    usual: "1/32",
    ...{ label: "Grid", hint: "where in a bar notes may begin", retakes: true },
  }),
  style: choice<string>({
    options: { [ANY_STYLE]: "as it suits the lead", ...named(STYLES, (style) => style) },
    usual: ANY_STYLE,
    ...{
      label: "Style",
      hint: "the kind of music that the arrangement is taken from",
      retakes: true,
    },
  }),
  morph: choice<keyof typeof MORPHS>({
    options: named(Object.keys(MORPHS) as (keyof typeof MORPHS)[], (bars) => bars),
    usual: "at once",
    ...{
      label: "New style",
      hint: "over how many bars a style that you choose is reached, from the next bar on: more and more bars are of it, in the same key and form",
    },
    retakes: false,
  }),
  hand: choice<string>({
    options: { [NOBODY]: "nothing", ...named(INSTRUMENTS, (name) => name) },
    usual: NOBODY,
    ...{ label: "You play", hint: "the instrument that your keys play", retakes: true },
  }),
  company: choice<CompanyName>({
    options: {
      ...{ accompany: "leaves you your part", duet: "plays your part, too" },
      call: "answers your calls",
      ...{ trade1: "trades bars with you", trade2: "trades twos", trade4: "trades fours" },
      ...{ trade8: "trades eights", follow: "follows you" },
    },
    usual: "accompany",
    ...{
      label: "The band",
      hint: "whether your instrument is yours alone; trading and answering, the lead rests in your turns where others play; following, the band is as busy and as loud as you are",
      retakes: true,
    },
  }),
  swungNotes: choice<SwungNotes>({
    options: named(Object.keys(SWUNG_PAIRS) as SwungNotes[], (notes) => notes),
    usual: "8ths",
    ...{ label: "Swing of", hint: "which notes swing", retakes: false },
  }),
  ramp: choice<Timing["ramp"]>({
    options: named(Object.keys(RAMPS) as Timing["ramp"][], (bars) => bars),
    usual: "at once",
    ...{
      label: "New tempo",
      hint: "over how many bars a tempo that is set is reached, from the next bar on",
    },
    retakes: false,
  }),
  speed: choice<Timing["speed"]>({
    options: { half: "half time", normal: "as set", double: "double time" },
    usual: "normal",
    ...{ label: "Speed", hint: "half or double the tempo, from the next bar on", retakes: false },
  }),
  metronome: choice<Clicking["metronome"]>({
    options: named(Object.keys(CLICK_LEVELS) as Clicking["metronome"][], (level) => level),
    usual: "off",
    ...{ label: "Metronome", hint: "clicks on the beats, which no take has", retakes: false },
  }),
  countIn: choice<Clicking["countIn"]>({
    options: named(Object.keys(COUNT_INS) as Clicking["countIn"][], (bars) => bars),
    usual: "none",
    ...{ label: "Count-in", hint: "beats heard before the music begins", retakes: false },
  }),
  velocities: choice<QuantileName>({
    options: BAND_VELOCITIES,
    usual: "all",
    ...{
      label: "Loudness",
      hint: "which part of the loudness that the model would play is left, of those without a part of their own",
      retakes: true,
    },
  }),
} as const;

/** A choice's name, and its value. */
export type ChoiceName = keyof typeof CHOICES;
export type ChoiceValues = {
  readonly [Name in ChoiceName]: (typeof CHOICES)[Name] extends ChoiceControl<infer Option>
    ? Option
    : never;
};

export const CHOICE_NAMES = Object.keys(CHOICES) as readonly ChoiceName[];

/** Where the choices stand if nobody has chosen. */
export const USUAL_CHOICES = named(CHOICE_NAMES, (name) => CHOICES[name].usual) as ChoiceValues;

/** Those of `chosen` that may be chosen, the others as they are in `before`. */
export const offeredChoices = (
  chosen: Readonly<Record<string, unknown>>,
  before: ChoiceValues,
): ChoiceValues =>
  named(CHOICE_NAMES, (name) =>
    typeof chosen[name] === "string" && Object.hasOwn(CHOICES[name].options, chosen[name])
      ? chosen[name]
      : before[name],
  ) as ChoiceValues;
