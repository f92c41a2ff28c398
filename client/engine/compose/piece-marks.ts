/** The marks of a piece: places to go back to at no cost, oldest first. The first stands where its remembered tokens begin. */
import type { PieceMark } from "./piece-event.ts";

/** Tokens from one mark to the next, at least. */
const INTERVAL = 384;

/** See the header. */
export class PieceMarks {
  #marks: PieceMark[] = [];

  /** Whether another is due in a piece that has grown to `length` tokens. */
  isDue(length: number): boolean {
    return length - this.#newest.index >= INTERVAL;
  }

  /** Adds one that is newer than all others; of many within few tokens one stays. */
  add(mark: PieceMark): void {
    const [before, last] = this.#marks.slice(-2);
    if (last?.index === mark.index || (last && mark.index - before.index < INTERVAL))
      this.#marks.pop();
    this.#marks.push(mark);
  }

  /** Drops those past a token, which the first is not; gives the newest that is left. */
  backTo(index: number): PieceMark {
    while (this.#newest.index > index) this.#marks.pop();
    return this.#newest;
  }

  /** Drops those that no way back to a token needs; gives the first that is left. */
  forgetBefore(index: number): PieceMark {
    this.#marks = this.#marks.slice(this.#marks.findLastIndex((mark) => mark.index <= index));
    return this.#marks[0];
  }

  clone(): PieceMarks {
    const other = new PieceMarks();
    other.#marks = [...this.#marks];
    return other;
  }

  get #newest(): PieceMark {
    return this.#marks[this.#marks.length - 1];
  }
}
