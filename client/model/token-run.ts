/**
 * Tokens in a row with what each of them carries. A model with conditions adds rows to the row of every token, so
 * whoever keeps tokens to take them again keeps their conditions beside them.
 */

/** Conditions of one token: ids in the matrix of all rows, one of each group in the order of the groups. */
export type TokenConditions = readonly number[];

/** See the header. `conditions` has one entry a token, and is there exactly where the model has conditions. */
export interface TokenRun {
  readonly tokens: readonly number[];
  readonly conditions?: readonly TokenConditions[];
}

/** The tokens at `from` to `to`, as `Array.slice` counts them. */
export function sliceRun({ tokens, conditions }: TokenRun, from: number, to?: number): TokenRun {
  return {
    tokens: tokens.slice(from, to),
    ...(conditions && { conditions: conditions.slice(from, to) }),
  };
}

/** Runs of one model behind each other; such as are empty may say nothing of conditions. */
export function joinRuns(...runs: readonly TokenRun[]): TokenRun {
  const conditions = runs.flatMap((run) => run.conditions ?? []);
  return {
    tokens: runs.flatMap((run) => run.tokens),
    ...(conditions.length > 0 && { conditions }),
  };
}
