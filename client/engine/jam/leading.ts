/**
 * What a player leads the piece by, as page and hardware see it; course-desk.ts carries it out. Where no music can be given
 * to who composes, nothing goes round or comes back: what would is refused.
 */
import type { Instrument } from "#music/instrument.ts";
import type { BarCount, Layer } from "./course.ts";
import type { Marking } from "./mark-desk.ts";

/** See the header. */
export interface Leading extends Marking {
  /** The music stops with the first bar line that is not handed over yet, and Play goes on from there; asked once more, it plays on. */
  stopAtBar(): void;
  /** What is not committed is composed anew, and is another. */
  another(): void;
  /** The bar that sounds, and so many before it, go round from the next bar line on; false where nothing sounded in them. */
  repeat(bars: BarCount): boolean;
  /** What goes round alone goes on with the next bar. */
  letGo(): void;
  /** A bar comes once more with the next bar line, and the piece goes on from there; false where nothing sounded in it. @param bar zero-based */
  goBack(bar: number): boolean;
  /** A part stays as it was in its last bars, or is free again; false where it has no bars yet. */
  freeze(instrument: Instrument): boolean;
  /**
   * What the human played in so many whole bars up to now repeats under the band; pressed in a bar's second half, that bar
   * is waited for. False where nothing was played.
   */
  record(bars: BarCount): boolean;
  /** Four ways to go on from a bar line that is not committed are drawn, to pick one of; false where there is no piece yet. */
  foresee(): boolean;
  /** One of them comes with its bar line, or the next one where that is over; false where it is not there yet. */
  pick(index: number): boolean;
  /** The four are forgotten. */
  forget(): void;
  /** A layer is heard no more. */
  drop(layer: Layer): void;
}
