/**
 * Conditions for the tokens of tests, made up from the ids alone: whoever mislays a token's conditions, or gives it
 * those of another, computes other logits.
 */
import { Random } from "#base/random.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import type { TokenConditions } from "../token-run.ts";

/** One row of each group for every token; undefined for architectures without conditions. */
export function conditionsOf(
  { conditions: groups }: Architecture,
  tokens: readonly number[],
): TokenConditions[] | undefined {
  return (
    groups &&
    tokens.map((token) => {
      const random = new Random(token);
      let start = 0;
      return groups.map(({ rows }) => {
        start += rows;
        return start - rows + random.integer(rows);
      });
    })
  );
}

/** Groups of a small model with conditions, none as large as another. */
export const SMALL_GROUPS = [
  { name: "phase", rows: 9 },
  { name: "chord", rows: 5 },
  { name: "leader", rows: 3 },
  { name: "style", rows: 2 },
] as const;
