/**
 * Where the player leads a piece, beside its controls and its chart: what goes round, which bars come back, how often
 * something else was asked for. Plain values of the performance, so that undo knows them; they count no steps of the piece
 * but for `after`. Where they lie on it, course-laying.ts says.
 */
import { threefryWord } from "#base/random.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** Bars that can be repeated or recorded at once. */
export const BAR_COUNTS = [1, 2, 4, 8] as const;
export type BarCount = (typeof BAR_COUNTS)[number];

/** Most layers of one performance; the oldest recording gives way. */
export const MOST_LAYERS = 16;

/** Notes that go round. */
export interface Layer {
  /** Whole bars, and nothing else sounds; one instrument's part, which nobody else gives notes; what a human played. */
  readonly kind: "bars" | "part" | "recording";
  /** Steps after which it begins anew. */
  readonly steps: number;
  /** At least one; canonical, their onsets from its beginning, none sounds past its end. */
  readonly notes: readonly Note[];
}

/** Bars that come once. */
export interface Passage {
  readonly steps: number;
  /** As a layer's. */
  readonly notes: readonly Note[];
  /** The piece goes on from them as though they followed what it was before this step; what it really was where undefined. */
  readonly after?: number;
}

/** See the header. */
export interface Course {
  /** How often something else was asked for. */
  readonly turn: number;
  readonly layers: readonly Layer[];
  /** What was called last to come once. */
  readonly passage: Passage | undefined;
}

/** Nothing was asked for. */
export const STRAIGHT_ON: Course = { turn: 0, layers: [], passage: undefined };

/** Whose part a layer of that kind is. */
export const partOf = ({ notes }: Layer): Instrument => notes[0].instrument;

/** What is composed next is another than it was. */
export const otherwise = (course: Course): Course => ({ ...course, turn: course.turn + 1 });

/** Bars go round, in place of others that do or that come. */
export const withBars = (course: Course, layer: Layer): Course => ({
  ...withoutBars(course),
  layers: [...withoutBars(course).layers, layer].slice(-MOST_LAYERS),
  passage: undefined,
});

export const withoutBars = (course: Course): Course =>
  without(course, ({ kind }) => kind === "bars");

/** Bars come once; what went round alone does so no more. */
export const withPassage = (course: Course, passage: Passage): Course => ({
  ...withoutBars(course),
  passage,
});

/** A part is as it was, or a recording goes round. */
export const withLayer = (course: Course, layer: Layer): Course => ({
  ...course,
  layers: [...course.layers, layer].slice(-MOST_LAYERS),
});

/** Without the layers of which something holds; the same where there is none. */
export function without(course: Course, is: (layer: Layer) => boolean): Course {
  const layers = course.layers.filter((layer) => !is(layer));
  return layers.length === course.layers.length ? course : { ...course, layers };
}

/** Whether bars go round. */
export const repeatsBars = ({ layers }: Course): boolean =>
  layers.some(({ kind }) => kind === "bars");

/** Whether a part is frozen. */
export const isFrozen = ({ layers }: Course, instrument: Instrument): boolean =>
  layers.some((layer) => layer.kind === "part" && partOf(layer) === instrument);

/** The seed of what is composed at a turn: the piece's own at first. */
export const seedAt = (seed: number, turn: number): number =>
  turn === 0 ? seed : threefryWord(seed, turn, 2, 0) & 0xffff;
