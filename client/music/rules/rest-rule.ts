/** Who rests from one step to another, though he plays before and after: what he strikes before does not sound on into it. */
import type { Instrument } from "#music/instrument.ts";
import { clear, type Rule } from "./rule.ts";

/** A rest of one instrument, half-open, in steps; without an end where `until` is undefined. Data: it crosses threads. */
export interface Rest {
  readonly instrument: Instrument;
  readonly from: number;
  readonly until?: number;
}

const endOf = ({ until = Number.POSITIVE_INFINITY }: Rest): number => until;

/** See the header. */
export class RestRule implements Rule {
  readonly #rests: readonly Rest[];

  constructor(rests: readonly Rest[]) {
    this.#rests = rests;
  }

  narrow(allowed: Uint8Array, onset: number): void {
    for (const rest of this.#rests)
      if (rest.from <= onset && onset < endOf(rest)) clear(allowed, rest.instrument);
  }

  hold(allowed: Uint8Array, step: number): void {
    this.narrow(allowed, step);
  }

  changesAfter(onset: number): number {
    const borders = this.#rests.flatMap((rest) => [rest.from, endOf(rest)]);
    return Math.min(...borders.filter((step) => step > onset), Number.POSITIVE_INFINITY);
  }
}
