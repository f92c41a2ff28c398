/**
 * Call and answer: what a human plays is a call, and the lead rests. A beat of rest ends it, or a bar line that nothing
 * sounds over; then the lead answers for as many beats as the call had, from the next beat on that can still be another.
 * Whoever plays on before the answer is heard goes on with the call; whoever plays into it is listened to. Owns no clock.
 */
import type { MetreMap } from "#music/metre.ts";

/** Steps by which the last key may come up late without another beat of the answer. */
const SLACK = 2;

/** Answers that are remembered: chart and rules look back no farther than a retake does. */
const REMEMBERED = 8;

/** A call, in steps: from the beat in which it begins. */
interface Call {
  readonly from: number;
  /** What was heard of it ends here. */
  readonly until: number;
  readonly isOver: boolean;
}

/** An answer, half-open, in steps, and what it answers. */
export interface Answer {
  readonly from: number;
  readonly until: number;
  readonly call: Call;
}

/** See the header. Of one piece at a time; steps may lie between two. */
export class Calls {
  #call: Call | undefined;
  #answers: readonly Answer[] = [];

  /** Another piece begins, or the band no longer answers. */
  clear(): void {
    this.#call = undefined;
    this.#answers = [];
  }

  /** A key goes down. */
  press(step: number, metres: MetreMap): void {
    const unheard = this.#answers.at(-1);
    const before = unheard !== undefined && unheard.from > step ? unheard.call : this.#call;
    const from = before?.from ?? metres.beatAt(Math.round(step)).start;
    this.#call = { from, until: step, isOver: false };
    this.#answers = this.#answers.filter(({ from }) => from <= step);
  }

  /** The music has come to `step`, with a key down or none; true where a call has ended now. */
  listen(step: number, isDown: boolean, metres: MetreMap): boolean {
    const call = this.#call;
    if (call === undefined || call.isOver) return false;
    const until = isDown ? Math.max(call.until, step) : call.until;
    const isOver = !isDown && step >= endOfCall(until, metres);
    this.#call = { ...call, until, isOver };
    return isOver;
  }

  /** The lead's answers as they are composed, if all from `step` on may still be another. */
  answersFrom(step: number, metres: MetreMap): readonly Answer[] {
    const call = this.#call;
    if (call?.isOver === false)
      this.#answers = this.#answers
        .filter(({ from }) => from < step)
        .map((answer) => ({ ...answer, until: Math.min(answer.until, Math.ceil(step)) }));
    if (call?.isOver === true) {
      const from = metres.beatLineFrom(Math.ceil(step));
      const last = Math.max(call.from + 1, Math.ceil(call.until - SLACK));
      const length = metres.beatLineFrom(last) - call.from;
      this.#answers = [...this.#answers, { from, until: from + length, call }].slice(-REMEMBERED);
      this.#call = undefined;
    }
    return this.#answers;
  }
}

/** Where it is known that a call has ended which was heard until then: a beat later, or with the bar. */
function endOfCall(until: number, metres: MetreMap): number {
  const { bar, start, end } = metres.beatAt(until);
  return Math.min(until + end - start, bar.start + bar.steps);
}
