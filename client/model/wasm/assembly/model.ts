/**
 * The shape of the model and where everything lies in memory, set once by `configure`. All sizes that a vector
 * loop runs over are padded to 16, and what is padded stays 0. `_` marks padded sizes.
 */

import { keyBytes, valueBytes } from "./attention";

export let dim: i32 = 0;
export let depth: i32 = 0;
export let heads: i32 = 0;
export let headDim: i32 = 0;
/** Pairs of a head's dimensions that are rotated. */
export let pairs: i32 = 0;
/** Conditions of a token, 0 of models without. */
export let groups: i32 = 0;

export let dim_: i32 = 0;
export let headDim_: i32 = 0;
/** heads * headDim. */
export let inner_: i32 = 0;
export let qkv_: i32 = 0;
export let feedForward_: i32 = 0;
export let vocabulary_: i32 = 0;
/** Slots of the cache. */
export let slots_: i32 = 0;

// Addresses of what the host writes.
export let matrices: usize = 0;
export let embedding: usize = 0; // f32 (V, dim)
export let positions: usize = 0; // f32 (contextLength, dim), or 0 where positions are rotary
export let conditions: usize = 0; // f32 (rows, dim), of models with conditions
export let conditionIds: usize = 0; // i32 (chunk, groups): rows of the tokens of a pass
export let records: usize = 0; // i32 (chunk, RECORD / 4)
export let cosines: usize = 0; // f32 (chunk, 2, pairs): a token's own position, and towards the prefix
export let sines: usize = 0;

// The cache, see attention.ts; layers outermost.
export let keys: usize = 0;
export let values: usize = 0;

// What a pass works on.
export let stream: usize = 0; // f32 (chunk, dim)
export let wide: usize = 0; // f32 (chunk, qkv or feedForward)
export let mixed: usize = 0; // f32 (chunk, inner)
export let rows: usize = 0; // i16 (chunk, the widest input)
export let rowScales: usize = 0; // f32 (chunk)
export let rowSums: usize = 0; // i32 (chunk)
export let logits: usize = 0; // f32 (V)
export let vector: usize = 0; // f32 (headDim)
export let rounded: usize = 0; // i16 (headDim)
export let queries: usize = 0; // i16 (heads, headDim)
export let headScales: usize = 0; // f32 (heads)
export let scores: usize = 0; // f32 (heads, slots)
export let prefixScores: usize = 0; // f32 (heads, slots)
export let weights: usize = 0; // i16 (heads, slots)
export let sums: usize = 0; // i32 (heads, headDim)

/** Bytes of a token's record: token, position, slot, first, from, to, prefix (see `token-records.ts`), i32 each. */
export const RECORD: usize = 32;
/** Bytes of a page of memory. */
const PAGE: usize = 65536;

let end: usize = 0;

function padded(size: i32): i32 {
  return (size + 15) & -16;
}

/** Bytes of a matrix, see matrix.ts. */
function matrixBytes(inputs: i32, outputs: i32): usize {
  return 64 + 8 * <usize>outputs + <usize>inputs * <usize>outputs;
}

function reserve(count: i32, bytes: i32): usize {
  const at = end;
  end = (end + <usize>count * <usize>bytes + 63) & ~63;
  return at;
}

/**
 * Lays out memory for a model and a cache, all zeros; to be called once.
 * @param slots of the cache. @param contextLength rows of position embeddings, 0 for rotary models.
 * @param groups of conditions, and `conditionRows` of all of them together; 0 for models without.
 * @param chunk most tokens of a pass. Returns the bytes in use, or 0 where the machine has not so many.
 */
export function configure(
  vocabulary: i32,
  width: i32,
  layers: i32,
  headCount: i32,
  headWidth: i32,
  feedForward: i32,
  slots: i32,
  contextLength: i32,
  rotaryPairs: i32,
  conditionGroups: i32,
  conditionRows: i32,
  chunk: i32,
): usize {
  dim = width;
  depth = layers;
  heads = headCount;
  headDim = headWidth;
  pairs = rotaryPairs;
  groups = conditionGroups;
  dim_ = padded(dim);
  headDim_ = padded(headDim);
  inner_ = padded(heads * headDim);
  qkv_ = padded(3 * heads * headDim);
  feedForward_ = padded(feedForward);
  vocabulary_ = padded(vocabulary);
  slots_ = padded(slots);

  end = (__heap_base + 63) & ~63;
  matrices = end;
  end = matrixAt(depth, 0) + matrixBytes(dim_, vocabulary_);
  embedding = reserve(vocabulary * dim_, 4);
  positions = contextLength > 0 ? reserve(contextLength * dim_, 4) : 0;
  conditions = reserve(conditionRows * dim_, 4);
  conditionIds = reserve(chunk * groups, 4);
  records = reserve(chunk, <i32>RECORD);
  cosines = reserve(chunk * 2 * pairs, 4);
  sines = reserve(chunk * 2 * pairs, 4);
  const blocks = depth * heads * (slots_ >> 4);
  keys = reserve(blocks, <i32>keyBytes(headDim_));
  values = reserve(blocks, <i32>valueBytes(headDim_));
  stream = reserve(chunk * dim_, 4);
  wide = reserve(chunk * max(qkv_, feedForward_), 4);
  mixed = reserve(chunk * inner_, 4);
  rows = reserve(chunk * max(max(dim_, inner_), feedForward_), 2);
  rowScales = reserve(chunk, 4);
  rowSums = reserve(chunk, 4);
  logits = reserve(vocabulary_, 4);
  vector = reserve(headDim_, 4);
  rounded = reserve(headDim_, 2);
  queries = reserve(heads, headDim_ * 2);
  headScales = reserve(heads, 4);
  scores = reserve(heads * slots_, 4);
  prefixScores = reserve(heads * slots_, 4);
  weights = reserve(heads * slots_, 2);
  sums = reserve(heads * headDim_, 4);
  const missing = <i32>((end + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  return end;
}

/** Where a matrix lies: of block `layer` qkv, out, up, down as 0 to 3; after the blocks the logits' as 0. */
export function matrixAt(layer: i32, which: i32): usize {
  const qkv = matrixBytes(dim_, qkv_);
  const out = matrixBytes(inner_, dim_);
  const up = matrixBytes(dim_, feedForward_);
  const block = qkv + out + up + matrixBytes(feedForward_, dim_);
  const before: usize =
    which === 0 ? 0 : which === 1 ? qkv : which === 2 ? qkv + out : qkv + out + up;
  return matrices + <usize>layer * block + before;
}
