/**
 * The tokens of a sequence that a decoder may have to be handed again, with their conditions: the pinned prefix, and
 * the newest ones. Older ones are forgotten now and then, so that endless play needs no more memory.
 */
import type { TokenConditions, TokenRun } from "../token-run.ts";

/** A token, and of models with conditions what it carries. */
interface Taken {
  readonly token: number;
  readonly conditions?: TokenConditions;
}

/** See the header; holds numbers only. */
export class TokenHistory {
  readonly #prefixLength: number;
  readonly #limit: number;
  #prefix: Taken[] = [];
  #tokens: Taken[] = [];
  #from = 0;

  /** @param limit newest tokens that are kept at least; at most twice as many are. */
  constructor(prefixLength: number, limit: number) {
    this.#prefixLength = prefixLength;
    this.#limit = limit;
  }

  /** Tokens taken since the start. */
  get position(): number {
    return this.#from + this.#tokens.length;
  }

  /** Position of the oldest token that is known, but for the prefix. */
  get from(): number {
    return this.#from;
  }

  /** The first `prefixLength` tokens of the sequence, as many as there are. */
  get prefix(): TokenRun {
    return runOf(this.#prefix);
  }

  /** A copy of the tokens of positions `start` to `end`, none before `from`. */
  slice(start: number, end: number): TokenRun {
    return runOf(this.#tokens.slice(start - this.#from, Math.max(start, end) - this.#from));
  }

  /** Adds tokens at the end. */
  take({ tokens, conditions }: TokenRun): void {
    const missing = this.#prefixLength - this.#prefix.length;
    const taken = tokens.map((token, i) => ({ token, conditions: conditions?.[i] }));
    this.#prefix.push(...taken.slice(0, missing));
    this.#tokens.push(...taken);
    if (this.#tokens.length < 2 * this.#limit) return;
    this.#from += this.#tokens.length - this.#limit;
    this.#tokens = this.#tokens.slice(-this.#limit);
  }

  /** Forgets tokens from `position` on, which lies in the prefix or not before `from`. */
  truncate(position: number): void {
    if (position <= this.#prefix.length) {
      this.#prefix.length = position;
      this.#tokens = [...this.#prefix];
      this.#from = 0;
    } else this.#tokens.length = position - this.#from;
  }
}

function runOf(taken: readonly Taken[]): TokenRun {
  const conditions = taken.flatMap((each) => (each.conditions ? [each.conditions] : []));
  const tokens = taken.map(({ token }) => token);
  return conditions.length > 0 ? { tokens, conditions } : { tokens };
}
