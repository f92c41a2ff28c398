/**
 * Where things lie on the roll: steps and pitches to pixels, and back to what is visible. Pure, so
 * that the painter and its tests share one geometry. All pixels are CSS pixels.
 */
import { type MetreMap, stepsOf } from "#music/metre.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import type { Reach } from "./roll-reach.ts";

/** Rows of the drum lane, from the top, by the keys of the GM percussion map. */
export const DRUM_ROWS: readonly { readonly name: string; readonly keys: readonly number[] }[] = [
  { name: "cymbal", keys: [49, 51, 52, 53, 55, 57, 59] },
  { name: "hat", keys: [42, 44, 46] },
  { name: "tom", keys: [41, 43, 45, 47, 48, 50] },
  { name: "snare", keys: [37, 38, 39, 40] },
  { name: "kick", keys: [35, 36] },
];

/** Label of the row, the last, that takes every other key: shakers, congas, triangles. */
export const OTHER_DRUMS = "other";

const ROW_COUNT = DRUM_ROWS.length + 1;
const ROW_OF_KEY = new Map(DRUM_ROWS.flatMap(({ keys }, row) => keys.map((key) => [key, row])));

/** The row of a percussion key; keys outside the named groups share the last one. */
export const drumRow = (key: number): number => ROW_OF_KEY.get(key) ?? ROW_COUNT - 1;

/** Lowest and highest melodic pitch shown. */
export interface PitchSpan {
  readonly low: number;
  readonly high: number;
}

/** Four octaves that hold most music, shown before there is any. */
export const USUAL_SPAN: PitchSpan = { low: 36, high: 84 };

/** The part of the music that is in view and the size it is drawn at. */
export interface RollFrame {
  readonly width: number;
  readonly height: number;
  /** The playhead. */
  readonly step: number;
  readonly span: PitchSpan;
  readonly reach: Reach;
  readonly metres: MetreMap;
  /** Whole pages instead of scrolling, for those who ask for reduced motion. */
  readonly paging: boolean;
}

/** One frame's geometry. The playhead walks in from the left, then stays and the music moves. */
export class RollView {
  readonly width: number;
  readonly height: number;
  /** Where the music begins: left of it stand the labels. */
  readonly left: number;
  /** Where the pitches begin: above them stand the bar numbers. */
  readonly top: number;
  readonly drumTop: number;
  readonly pixelsPerStep: number;
  /** Step at the left edge of the music. */
  readonly firstStep: number;
  readonly span: PitchSpan;
  readonly drumRowHeight: number;

  constructor(frame: RollFrame) {
    this.width = frame.width;
    this.height = frame.height;
    this.left = leftOf(frame.width);
    this.top = 28;
    this.span = frame.span;
    this.drumRowHeight = Math.min(18, Math.max(11, frame.height / 36));
    this.drumTop = frame.height - 26 - this.drumRowHeight * ROW_COUNT;
    const { wholes, playhead } = frame.reach;
    const visible = wholes * STEPS_PER_WHOLE;
    this.pixelsPerStep = Math.max(0.01, (frame.width - this.left) / visible);
    this.firstStep = frame.paging
      ? page(frame, visible)
      : Math.max(0, frame.step - playhead * visible);
  }

  /** Step at the right edge. */
  get lastStep(): number {
    return this.firstStep + (this.width - this.left) / this.pixelsPerStep;
  }

  xOf(step: number): number {
    return this.left + (step - this.firstStep) * this.pixelsPerStep;
  }

  /** Height of one semitone. */
  get semitone(): number {
    return (this.drumTop - this.top - 12) / (this.span.high - this.span.low + 1);
  }

  /** The middle of a melodic pitch's row. */
  yOf(pitch: number): number {
    return this.top + 6 + (this.span.high - pitch + 0.5) * this.semitone;
  }

  /** The middle of a percussion key's row. */
  drumYOf(key: number): number {
    return this.rowY(drumRow(key));
  }

  /** The middle of a row of the drum lane. */
  rowY(row: number): number {
    return this.drumTop + (row + 0.5) * this.drumRowHeight;
  }

  /** How thick a melodic note is drawn: a little over its row, to be seen from afar. */
  get noteHeight(): number {
    return Math.min(12, Math.max(4, this.semitone * 1.15));
  }
}

/** The most whole notes that a roll of this width shows. */
export const mostWholes = (width: number): number =>
  Math.min(12, Math.max(4, Math.round((width - leftOf(width)) / 104)));

const leftOf = (width: number): number => (width < 600 ? 40 : 52);

/** Pages turn at whole bars and where the metre changes; each shows the last two bars of the page before. */
function page({ step, metres }: RollFrame, visible: number): number {
  const { step: from, metre } = metres.pointAt(step);
  const bar = stepsOf(metre);
  const turn = Math.max(1, Math.floor(visible / bar) - 2) * bar;
  return Math.round(from + Math.max(0, Math.floor((step - from) / turn)) * turn);
}

/** `span` widened to whole octaves so that it holds the pitches; the same object where it does. */
export function widen(span: PitchSpan, lowest: number, highest: number): PitchSpan {
  const low = Math.min(span.low, Math.floor(lowest / 12) * 12);
  const high = Math.max(span.high, Math.ceil(highest / 12) * 12);
  return low === span.low && high === span.high ? span : { low, high };
}
