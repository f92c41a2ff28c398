/**
 * What both attention programs share: the walk over the slots that a query sees, 4 at a time, and their scores.
 * Keys and values lie in the cache as (H, D/4, capacity) of vec4f and are read as mat4x4f, 4 slots at once, so
 * that a product with the query's vec4f gives 4 scores, and a product with 4 weights sums 4 values.
 */
import type { Architecture } from "#model/weights/manifest.ts";
import { RUNS } from "./slot-runs.ts";
import { tokenRecord } from "./token-record.ts";

/** Sizes of an attention program. */
export interface AttentionSizes {
  readonly architecture: Architecture;
  /** Slots of the cache, a multiple of 4. */
  readonly slots: number;
  /** See `TokenRecords.quads`. */
  readonly quads: number;
  /** Of a batch: the tails behind the shared past, and their slots (batch-layout.ts). */
  readonly batch?: { readonly sequences: number; readonly tail: number } | undefined;
}

/** Hides a score; far below any score, and safe from the infinities that WGSL may not honour. */
export const HIDDEN = "-1e30";

/** Groups of 4 slots that the runs of a query may touch: each run may start and end inside a group. */
export const mostGroups = ({ architecture, batch }: AttentionSizes): number =>
  Math.ceil(architecture.contextLength / 4) + 2 * RUNS * (batch ? 2 : 1);

/** WGSL of the bindings. */
export function attentionBindings({ architecture, slots, quads, batch }: AttentionSizes): string {
  const inner = (architecture.heads * architecture.headDim) / 4;
  const rows = slots + (batch ? batch.sequences * batch.tail : 0);
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> queries: array<vec4f>;
@group(0) @binding(1) var<storage, read> keys: array<mat4x4f, ${(inner * rows) / 4}>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read> values: array<mat4x4f, ${(inner * rows) / 4}>;
@group(0) @binding(4) var<storage, read_write> mixed: array<vec4f>;
`;
}

/**
 * WGSL of the bindings, `struct Visible`, `fn visible(token)` and `fn scoresOf(head, token, j, seen, rowGroups)`, the
 * scores of the j-th group of slots with the place of that group; a row of slots has `rowGroups` of them.
 */
export function visibleSlots(sizes: AttentionSizes): string {
  const { heads, headDim } = sizes.architecture;
  const headQuads = headDim / 4;
  const inner = heads * headQuads;
  return /* wgsl */ `${attentionBindings(sizes)}
struct Visible { first: vec2u, second: vec2u, third: vec2u, inFirst: u32, inSecond: u32, groups: u32 }
struct Scores { group: u32, scores: vec4f }

fn groupsIn(run: vec2u) -> u32 { return select(0u, (run.y + 3u) / 4u - run.x / 4u, run.y > run.x); }

fn visible(token: u32) -> Visible {
  var seen: Visible;
  seen.first = tokens[token].runs[0];
  seen.second = tokens[token].runs[1];
  seen.third = tokens[token].runs[2];
  seen.inFirst = groupsIn(seen.first);
  seen.inSecond = groupsIn(seen.second);
  seen.groups = seen.inFirst + seen.inSecond + groupsIn(seen.third);
  return seen;
}

fn scoresOf(head: u32, token: u32, j: u32, seen: Visible, rowGroups: u32) -> Scores {
  var run = seen.first;
  var query = token * ${2 * inner}u + head * ${headQuads}u;
  var index = j;
  if (j >= seen.inFirst) { run = seen.second; query += ${inner}u; index = j - seen.inFirst; }
  if (j >= seen.inFirst + seen.inSecond) { run = seen.third; index -= seen.inSecond; }
  let group = run.x / 4u + index;
  var at = head * ${headQuads}u * rowGroups + group;
  var scores = vec4f();
  for (var quad = 0u; quad < ${headQuads}u; quad++) {
    scores += queries[query + quad] * keys[at];
    at += rowGroups;
  }
  let slots = group * 4u + vec4u(0u, 1u, 2u, 3u);
  let isSeen = (slots >= vec4u(run.x)) & (slots < vec4u(run.y));
  return Scores(group, select(vec4f(${HIDDEN}), scores, isSeen));
}
`;
}
