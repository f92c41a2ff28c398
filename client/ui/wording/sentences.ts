/** What a language has to say: its type keeps every one complete. */
import type { Remark, RemarkCode, RemarkParameters } from "#base/remark.ts";

/** One language: a sentence for every code. `say` is for remarks within a remark. */
export type Sentences = {
  readonly [Code in RemarkCode]: (
    parameters: RemarkParameters[Code],
    say: (remark: Remark) => string,
  ) => string;
};
