/**
 * Draws the next token from logits: mask, stretch and pull, quantiles, temperature, top-k, top-p, min-p, then Gumbel-max
 * (argmax of logit + Gumbel noise draws from the softmax; Gumbel 1954, Maddison et al. 2014). The noise of
 * a token depends on (seed, stream, counter, token) alone, so a GPU can draw the same token, and a token
 * can be drawn again. Top-k and top-p are thresholds found by partial selection: nothing is sorted, ties
 * stay in together, and the result does not depend on the order of ids. A draw allocates no array.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { openUnit, threefryWord } from "#base/random.ts";
import { assertQuantile, type PlaceInRun, type Quantile, truncateQuantile } from "./quantile.ts";

/** What is left of a distribution to draw from. */
export interface SampleWay {
  /** 0 (or under 1e-6) takes the most probable token, the lowest id among equals; 1 leaves the distribution. */
  readonly temperature: number;
  /** Only the k most probable tokens, and those equal to the last of them; without it, no limit. */
  readonly topK?: number;
  /** Only the most probable tokens until their mass reaches this, in (0, 1]; after top-k. Without it, 1. */
  readonly topP?: number;
  /** Only tokens at least this share as probable as the likeliest, [0, 1), at the temperature; without it, 0. */
  readonly minP?: number;
  /** Parts of what would be drawn that are left; not on devices. */
  readonly quantiles?: readonly Quantile[];
  /** Nats added to a token's logit for each unit of its extent, before all else; without it, 0. */
  readonly stretch?: number;
  /** Draws tokens towards a measure of theirs, before all else; without it, nothing. */
  readonly pull?: Pull;
}

/**
 * Nats taken from a token's logit for the square of how far its measure is from `to`: what the model expects, times a
 * normal distribution about `to` of variance 1 / (2 `by`).
 */
export interface Pull {
  readonly to: number;
  /** Nats a squared unit of measure, 0 or more. */
  readonly by: number;
}

/** How to draw one token. */
export interface SampleOptions extends SampleWay {
  /** (V), 1 = allowed, 0 = never; everything is allowed without it. */
  readonly mask?: Uint8Array;
  /** (V), what a pull weighs; a pull needs it. */
  readonly measures?: Float32Array;
  /** (V), what a stretch weighs; a stretch needs it. */
  readonly extents?: Float32Array;
  /** Any integer; its low 32 bits count. */
  readonly seed: number;
  /** Position of the token in its sequence: the same counter draws with the same noise. */
  readonly counter: number;
  /** Keeps several uses of one seed apart. */
  readonly stream?: number;
}

/** The default stream, "toke" in ASCII: apart from the small numbers that other uses of a seed take. */
export const SAMPLING_STREAM = 0x746f6b65;

/** Keeps the chance of where a token stands apart from that by which it was drawn: "plac" in ASCII. */
const PLACE_STREAM = 0x706c6163;

/** Below this, logits that differ at all differ by more than any noise. */
export const COLDEST = 1e-6;

// Scratch, grown to the largest vocabulary seen; `sample` is synchronous, so one set serves all.
let ids = new Int32Array(0);
let scores = new Float64Array(0);
let selection = new Float64Array(0);

/**
 * The drawn token id. A masked token is never drawn and its logit never read.
 * @throws AssertionError if nothing is allowed or an option is out of range; Failure "unavailable" if an
 *   allowed logit is NaN or +Infinity, or all are -Infinity: no model gives that, a failing device does.
 */
export function sample(logits: Float32Array, options: SampleOptions): number {
  const { count, highest } = leave(logits, options);
  if (options.temperature < COLDEST) return ids[scores.subarray(0, count).indexOf(highest)];
  return gumbelMax(count, highest, options);
}

/**
 * Where a token that was drawn with `options` stands among the `length` ids from `first` on; at a temperature of 0, where
 * only one may be drawn, in the middle of its share of what the model says.
 * @throws as `sample` does
 */
export function placeInRun(
  logits: Float32Array,
  options: SampleOptions,
  drawn: number,
  { first, length }: { readonly first: number; readonly length: number },
): PlaceInRun {
  const { count, highest } = leave(logits, options);
  const { temperature, seed, counter } = options;
  const cold = temperature < COLDEST;
  const shares = new Float64Array(length);
  for (let i = 0; i < count; i++) {
    const at = ids[i] - first;
    if (at >= 0 && at < length) shares[at] = weigh(scores[i], highest, cold ? 1 : 1 / temperature);
  }
  const within = cold ? 0.5 : openUnit(threefryWord(seed, PLACE_STREAM, counter, drawn));
  return { shares, place: drawn - first, within };
}

/** Leaves in the scratch what may be drawn; how many, and the highest score of them. */
function leave(logits: Float32Array, options: SampleOptions): { count: number; highest: number } {
  assertSampling(options);
  const { temperature, topK, topP = 1, minP = 0, quantiles = [] } = options;
  let count = gather(logits, options);
  checkedHighest(count);
  for (const quantile of quantiles) truncateQuantile({ ids, scores, count }, quantile, temperature);
  const highest = checkedHighest(count);
  if (temperature < COLDEST) return { count, highest };
  if (topK !== undefined && topK < count) count = keepFrom(select(count, topK, highest, 0), count);
  if (topP < 1) {
    const target = topP * mass(count, highest, 1 / temperature);
    count = keepFrom(select(count, target, highest, 1 / temperature), count);
  }
  if (minP > 0) count = keepFrom(highest + temperature * Math.log(minP), count);
  return { count, highest };
}

/** Throws `AssertionError` on an option that is out of range. */
export function assertSampling(way: SampleWay): void {
  const { temperature, topK, topP = 1, minP = 0, quantiles = [], stretch = 0, pull } = way;
  assert(temperature >= 0 && temperature < Number.POSITIVE_INFINITY, `temperature ${temperature}`);
  assert(
    topK === undefined || (Number.isInteger(topK) && topK >= 1),
    `topK ${topK}: expected an integer from 1`,
  );
  assert(topP > 0 && topP <= 1, `topP ${topP}: expected a number in (0, 1]`);
  assert(minP >= 0 && minP < 1, `minP ${minP}: expected a number in [0, 1)`);
  for (const quantile of quantiles) assertQuantile(quantile);
  assert(Number.isFinite(stretch), `stretch ${stretch}: expected a number`);
  assert(
    pull === undefined || (Number.isFinite(pull.to) && pull.by >= 0 && Number.isFinite(pull.by)),
    `pull to ${pull?.to} by ${pull?.by}: expected numbers, the second 0 or more`,
  );
}

/** What `sample` throws where logits are no numbers. */
export const brokenLogits = (): Failure =>
  new Failure(
    "unavailable",
    "The model's output is not a number, so the device that runs it has failed; reload, or choose the other backend.",
  );

/** Collects allowed ids and their logits, stretched and pulled, into the scratch; returns how many. */
function gather(
  logits: Float32Array,
  { mask, measures, extents, stretch = 0, pull }: SampleOptions,
): number {
  assert(
    !mask || mask.length === logits.length,
    `mask of ${mask?.length}, logits ${logits.length}`,
  );
  assert(
    pull === undefined || measures?.length === logits.length,
    `measures of ${measures?.length}, logits ${logits.length}`,
  );
  assert(
    stretch === 0 || extents?.length === logits.length,
    `extents of ${extents?.length}, logits ${logits.length}`,
  );
  if (ids.length < logits.length) {
    ids = new Int32Array(logits.length);
    scores = new Float64Array(logits.length);
    selection = new Float64Array(logits.length);
  }
  let count = 0;
  for (let id = 0; id < logits.length; id++) {
    if (mask && mask[id] === 0) continue;
    ids[count] = id;
    // In single precision, as a GPU does.
    let score = logits[id];
    if (stretch !== 0 && extents) score = Math.fround(score + Math.fround(stretch * extents[id]));
    if (pull && measures)
      score = Math.fround(score - Math.fround(pull.by * (measures[id] - pull.to) ** 2));
    scores[count++] = score;
  }
  assert(count > 0, "the mask allows no token, expected at least one");
  return count;
}

function checkedHighest(count: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  let broken = false;
  for (let i = 0; i < count; i++) {
    // Written so that NaN and +Infinity are both caught.
    if (!(scores[i] < Number.POSITIVE_INFINITY)) broken = true;
    if (scores[i] > highest) highest = scores[i];
  }
  if (broken || highest === Number.NEGATIVE_INFINITY) throw brokenLogits();
  return highest;
}

/** Drops what scores below `threshold` from the scratch; returns how many are left. */
function keepFrom(threshold: number, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (scores[i] < threshold) continue;
    ids[kept] = ids[i];
    scores[kept++] = scores[i];
  }
  return kept;
}

/** The probability mass of a score but for its normalisation, or 1 where `sharpness` is 0, to count. */
function weigh(score: number, highest: number, sharpness: number): number {
  return sharpness === 0 ? 1 : Math.exp((score - highest) * sharpness);
}

function mass(count: number, highest: number, sharpness: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weigh(scores[i], highest, sharpness);
  return total;
}

/**
 * The largest score such that the weights of all scores from it upward reach `target`: quickselect with
 * weights, on a copy, expected time linear in `count`. With sharpness 0 it is the `target`-th largest.
 * Rounding may leave the sum just short of `target`; then it is the lowest score.
 */
function select(count: number, target: number, highest: number, sharpness: number): number {
  for (let i = 0; i < count; i++) selection[i] = scores[i];
  let low = 0;
  let high = count;
  let missing = target;
  while (high - low > 1) {
    const pivot = medianOfThree(selection[low], selection[(low + high) >>> 1], selection[high - 1]);
    // Three-way partition: [low, above) > pivot, [above, below) = pivot, [below, high) < pivot.
    let above = low;
    let below = high;
    let massAbove = 0;
    let massEqual = 0;
    for (let i = low; i < below; ) {
      const score = selection[i];
      if (score > pivot) {
        massAbove += weigh(score, highest, sharpness);
        selection[i++] = selection[above];
        selection[above++] = score;
      } else if (score < pivot) {
        selection[i] = selection[--below];
        selection[below] = score;
      } else {
        massEqual += weigh(score, highest, sharpness);
        i++;
      }
    }
    if (massAbove >= missing) high = above;
    else if (massAbove + massEqual >= missing || below === high) return pivot;
    else {
      missing -= massAbove + massEqual;
      low = below;
    }
  }
  return selection[low];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function gumbelMax(count: number, highest: number, options: SampleOptions): number {
  const { temperature, seed, counter, stream = SAMPLING_STREAM } = options;
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const unit = openUnit(threefryWord(seed, stream, counter, ids[i]));
    const score = (scores[i] - highest) / temperature - Math.log(-Math.log(unit));
    if (score > bestScore) {
      bestScore = score;
      best = ids[i];
    }
  }
  assert(best >= 0, "no finite score was left, expected the highest to be 0");
  return best;
}
