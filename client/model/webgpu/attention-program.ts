/**
 * Attention of one layer over the cache in place, reduced through shared memory: scores, softmax and the mix
 * of values in one dispatch. For adapters without subgroups, and for GPUs.
 *
 * Inputs: queries (T, 2, I), the first of each pair for prefix keys; keys and values (H, D/4, capacity) of vec4f;
 * tokens (T), whose runs say which slots are seen; of a batch, one more for the shared past. Output: mixed (T, I). One workgroup: one head of one token.
 * Tolerance 1e-6 of the largest output.
 */
import type { Architecture } from "#model/weights/manifest.ts";
import { type AttentionSizes, HIDDEN, mostGroups, visibleSlots } from "./visible-slots.ts";

/** Invocations of a workgroup: as many as there are quads in a head, times a power of two of slices. */
function threadsFor({ headDim }: Architecture, most: number): number {
  let threads = headDim / 4;
  while (threads * 2 <= most) threads *= 2;
  return threads;
}

/** WGSL source. @param mostThreads of a workgroup. */
export function attentionProgram(sizes: AttentionSizes, mostThreads: number): string {
  const { heads, headDim } = sizes.architecture;
  const headQuads = headDim / 4;
  const threads = threadsFor(sizes.architecture, mostThreads);
  const slices = threads / headQuads;
  const groups = mostGroups(sizes);
  const { slots, batch } = sizes;
  const past = batch ? ", past" : "";
  const rowGroups = batch
    ? `select(${batch.tail / 4}u, ${slots / 4}u, j < past.groups)`
    : `${slots / 4}u`;
  return /* wgsl */ `
${visibleSlots(sizes)}
var<workgroup> shares: array<vec4f, ${groups}>; // scores, then weights, of 4 slots each
var<workgroup> groupOf: array<u32, ${groups}>;  // where those slots are
var<workgroup> partial: array<f32, ${threads}>;
var<workgroup> partialMix: array<vec4f, ${threads}>;

${reduction("highest", (a, b) => `max(${a}, ${b})`, threads)}
${reduction("total", (a, b) => `${a} + ${b}`, threads)}

${batch ? scoresOfBatch(slots / 4, batch.tail / 4) : scoresOfOne(slots / 4)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let token = workgroup.y;
  let seen = visible(token);
  ${batch ? `let past = visible(${batch.sequences}u);` : ""}
  let groups = ${batch ? "past.groups + seen.groups" : "seen.groups"};

  var high = ${HIDDEN};
  for (var j = lane; j < groups; j += ${threads}u) {
    let found = scored(head, token, j, seen${past});
    shares[j] = found.scores;
    groupOf[j] = found.group;
    high = max(high, max(max(found.scores.x, found.scores.y), max(found.scores.z, found.scores.w)));
  }
  high = highest(high, lane);

  var sum = 0.0;
  for (var j = lane; j < groups; j += ${threads}u) {
    let weights = exp(shares[j] - high);
    shares[j] = weights;
    sum += dot(weights, vec4f(1.0));
  }
  // Its barriers also make all weights visible to all.
  sum = total(sum, lane);

  let row = head * ${headQuads}u + lane % ${headQuads}u;
  var mix = vec4f();
  for (var j = lane / ${headQuads}u; j < groups; j += ${slices}u) {
    mix += values[row * ${rowGroups} + groupOf[j]] * shares[j];
  }
  ${slices > 1 ? addSlices(slices, headQuads) : ""}
  if (lane < ${headQuads}u) {
    mixed[(token * ${heads}u + head) * ${headQuads}u + lane] = mix / sum;
  }
}
`;
}

/** The scores of the j-th group that a query sees. */
const scoresOfOne = (rowGroups: number): string => /* wgsl */ `
fn scored(head: u32, token: u32, j: u32, seen: Visible) -> Scores {
  return scoresOf(head, token, j, seen, ${rowGroups}u);
}`;

/** The same where the shared past comes before what is a sequence's own. */
const scoresOfBatch = (rowGroups: number, tailGroups: number): string => /* wgsl */ `
fn scored(head: u32, token: u32, j: u32, seen: Visible, past: Visible) -> Scores {
  if (j < past.groups) { return scoresOf(head, token, j, past, ${rowGroups}u); }
  return scoresOf(head, token, j - past.groups, seen, ${tailGroups}u);
}`;

/** A function that reduces over the workgroup and gives the result to every invocation. */
function reduction(name: string, join: (a: string, b: string) => string, threads: number): string {
  const steps: string[] = [];
  for (let count = threads; count > 1; count = Math.ceil(count / 2)) {
    const half = Math.ceil(count / 2);
    const sum = join("partial[lane]", `partial[lane + ${half}u]`);
    steps.push(`if (lane < ${count - half}u) { partial[lane] = ${sum}; }`, "workgroupBarrier();");
  }
  return /* wgsl */ `
fn ${name}(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  partial[lane] = value;
  workgroupBarrier();
  ${steps.join("\n  ")}
  return partial[0];
}`;
}

/** Adds up the slices of the mix; the first ends with the sum. */
function addSlices(slices: number, headQuads: number): string {
  const steps: string[] = ["partialMix[lane] = mix;", "workgroupBarrier();"];
  for (let half = (slices / 2) * headQuads; half >= headQuads; half /= 2)
    steps.push(
      `if (lane < ${half}u) { partialMix[lane] += partialMix[lane + ${half}u]; }`,
      "workgroupBarrier();",
    );
  steps.push("mix = partialMix[lane];");
  return steps.join("\n  ");
}
