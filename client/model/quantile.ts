/**
 * Leaves of ids that stand in an order (pitches from low to high) a part of the distribution among them: (.5, 1) is the
 * upper half of what would be drawn. How likely one of them is drawn at all stays as it was. After Notochord (Shepardson,
 * Armitage, Magnusson, "Notochord: a Flexible Probabilistic Model for Real-Time MIDI Performance", AIMC 2022).
 */
import { assert } from "#base/assert.ts";

/** Runs of `length` ids from `first` on; of each the part from `from` to `to` of its probability is left. */
export interface Quantile {
  readonly first: number;
  readonly length: number;
  /** How many runs follow each other; 1 where undefined. */
  readonly runs?: number;
  /** 0 <= from < to <= 1 */
  readonly from: number;
  readonly to: number;
}

/** Tokens that may be drawn: ids ascending, and their logits. */
interface Candidates {
  readonly ids: Int32Array;
  readonly scores: Float64Array;
  readonly count: number;
}

/** Throws `AssertionError` on one that leaves nothing. */
export function assertQuantile({ length, runs = 1, from, to }: Quantile): void {
  assert(length >= 1 && runs >= 1, `quantile of ${runs} runs of ${length}: expected some`);
  assert(
    from >= 0 && from < to && to <= 1,
    `quantile from ${from} to ${to}: expected 0 <= from < to <= 1`,
  );
}

/** Where a token stands that was drawn, among a run of ids that stand in an order. */
export interface PlaceInRun {
  /** How probable each id of the run was, up to one factor. */
  readonly shares: ArrayLike<number>;
  /** Its place in the run, of a share above 0. */
  readonly place: number;
  /** How far inside its own share it stands, in (0, 1): by chance, so that parts of the run keep what they had. */
  readonly within: number;
}

/**
 * The place in a part of the run that is as far from the part's lower end as the token stands from the run's: whoever does
 * not know the part when he draws moves into it afterwards, and it comes as though he had.
 */
export function movedInto(
  { shares, place, within }: PlaceInRun,
  { from, to }: Pick<Quantile, "from" | "to">,
): number {
  let total = 0;
  let below = within * shares[place];
  for (let at = 0; at < shares.length; at++) {
    total += shares[at];
    if (at < place) below += shares[at];
  }
  const aim = from * total + (to - from) * below;
  let moved = place;
  let sum = 0;
  for (let at = 0; at < shares.length && sum <= aim; at++) {
    if (shares[at] > 0) moved = at;
    sum += shares[at];
  }
  return moved;
}

/** Changes the logits, so that at `temperature` the parts are left. */
export function truncateQuantile(
  { ids, scores, count }: Candidates,
  { first, length, runs = 1, from, to }: Quantile,
  temperature: number,
): void {
  const scale = temperature > 0 ? temperature : 1;
  let begin = 0;
  while (begin < count && ids[begin] < first) begin++;
  while (begin < count && ids[begin] < first + runs * length) {
    const last = first + length * (1 + Math.floor((ids[begin] - first) / length));
    let end = begin;
    let highest = Number.NEGATIVE_INFINITY;
    while (end < count && ids[end] < last) highest = Math.max(highest, scores[end++]);
    if (highest > Number.NEGATIVE_INFINITY) {
      let total = 0;
      for (let i = begin; i < end; i++) total += Math.exp((scores[i] - highest) / scale);
      let below = 0;
      for (let i = begin; i < end; i++) {
        const above = below + Math.exp((scores[i] - highest) / scale) / total;
        const left = Math.max(0, Math.min(above, to) - Math.max(below, from));
        scores[i] = highest + scale * Math.log((total * left) / (to - from));
        below = above;
      }
    }
    begin = end;
  }
}
