/**
 * Attention of one layer over the cache in place: scores, softmax and the mix of values in one dispatch.
 *
 * Inputs: queries (T, 2, I), the first of each pair for prefix keys; keys and values (H, D/4, capacity) of vec4f,
 * read as mat4x4f, 4 slots at a time, so that a product with the query's vec4f gives 4 scores, and a product
 * with 4 weights sums 4 values; tokens (T), whose runs say which slots are seen. Output: mixed (T, I).
 * One workgroup: one head of one token. Tolerance 1e-6 of the largest output.
 */
import type { Architecture } from "../manifest.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { directives, laneOf, laneParameters } from "./matrix-product.ts";
import { tokenRecord } from "./token-record.ts";

/** Sizes of the program. */
export interface AttentionSizes {
  readonly architecture: Architecture;
  /** Slots of the cache, a multiple of 4. */
  readonly slots: number;
  /** See `TokenRecords.quads`. */
  readonly quads: number;
}

/** Hides a score; far below any score, and safe from the infinities that WGSL may not honour. */
const HIDDEN = "-1e30";

/** Groups of 4 slots that the three runs of a query may touch: each run may start and end inside a group. */
export const mostGroups = (contextLength: number): number => Math.ceil(contextLength / 4) + 6;

/** Invocations of a workgroup: as many as there are quads in a head, times a power of two of slices. */
export function attentionThreads({ headDim }: Architecture, shape: KernelShape): number {
  const quads = headDim / 4;
  let threads = quads;
  while (threads * 2 <= shape.attentionThreads) threads *= 2;
  return threads;
}

/** WGSL source. */
export function attentionProgram(shape: KernelShape, sizes: AttentionSizes): string {
  const { architecture, slots, quads } = sizes;
  const { heads, headDim, contextLength } = architecture;
  const headQuads = headDim / 4;
  const inner = heads * headQuads;
  const threads = attentionThreads(architecture, shape);
  const mixSlices = threads / headQuads;
  const groups = mostGroups(contextLength);
  return /* wgsl */ `${directives(shape)}
@group(0) @binding(0) var<storage, read> queries: array<vec4f>;
@group(0) @binding(1) var<storage, read> keys: array<mat4x4f, ${(inner * slots) / 4}>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read> values: array<mat4x4f, ${(inner * slots) / 4}>;
@group(0) @binding(4) var<storage, read_write> mixed: array<vec4f>;

var<workgroup> shares: array<vec4f, ${groups}>; // scores, then weights, of 4 slots each
var<workgroup> groupOf: array<u32, ${groups}>;  // where those slots are
var<workgroup> partial: array<f32, ${threads}>;
var<workgroup> partialMix: array<vec4f, ${threads}>;

fn groupsIn(run: vec2u) -> u32 { return select(0u, (run.y + 3u) / 4u - run.x / 4u, run.y > run.x); }

${reduction("highest", "max", shape, threads)}
${reduction("total", "+", shape, threads)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let head = workgroup.x;
  let token = workgroup.y;
  let runs = tokens[token].runs;
  let inFirst = groupsIn(runs[0]);
  let inSecond = groupsIn(runs[1]);
  let groups = inFirst + inSecond + groupsIn(runs[2]);

  var high = ${HIDDEN};
  for (var j = lane; j < groups; j += ${threads}u) {
    var run = runs[0];
    var query = token * ${2 * inner}u + head * ${headQuads}u;
    var index = j;
    if (j >= inFirst) { run = runs[1]; query += ${inner}u; index = j - inFirst; }
    if (j >= inFirst + inSecond) { run = runs[2]; index = j - inFirst - inSecond; }
    let group = run.x / 4u + index;
    var at = head * ${(headQuads * slots) / 4}u + group;
    var scores = vec4f();
    for (var quad = 0u; quad < ${headQuads}u; quad++) {
      scores += queries[query + quad] * keys[at];
      at += ${slots / 4}u;
    }
    let slots = group * 4u + vec4u(0u, 1u, 2u, 3u);
    scores = select(vec4f(${HIDDEN}), scores, (slots >= vec4u(run.x)) & (slots < vec4u(run.y)));
    shares[j] = scores;
    groupOf[j] = group;
    high = max(high, max(max(scores.x, scores.y), max(scores.z, scores.w)));
  }
  high = highest(high, ${reductionArguments(shape)});

  var sum = 0.0;
  for (var j = lane; j < groups; j += ${threads}u) {
    let weights = exp(shares[j] - high);
    shares[j] = weights;
    sum += dot(weights, vec4f(1.0));
  }
  // Its barriers also make all weights visible to all.
  sum = total(sum, ${reductionArguments(shape)});

  let quad = lane % ${headQuads}u;
  let row = (head * ${headQuads}u + quad) * ${slots / 4}u;
  var mix = vec4f();
  for (var j = lane / ${headQuads}u; j < groups; j += ${mixSlices}u) {
    mix += values[row + groupOf[j]] * shares[j];
  }
  ${mixSlices > 1 ? addSlices(mixSlices, headQuads) : ""}
  if (lane < ${headQuads}u) {
    mixed[token * ${inner}u + head * ${headQuads}u + quad] = mix / sum;
  }
}
`;
}

const reductionArguments = ({ subgroups }: KernelShape): string =>
  subgroups ? `subgroup, inSubgroup, ${"subgroupSize"}` : "lane";

/** A function that reduces over the workgroup and gives the result to every invocation. */
function reduction(
  name: string,
  operator: "max" | "+",
  shape: KernelShape,
  threads: number,
): string {
  const join = (a: string, b: string) => (operator === "max" ? `max(${a}, ${b})` : `${a} + ${b}`);
  if (shape.subgroups)
    return /* wgsl */ `
fn ${name}(value: f32, subgroup: u32, inSubgroup: u32, subgroupSize: u32) -> f32 {
  workgroupBarrier();
  let ofSubgroup = ${operator === "max" ? "subgroupMax" : "subgroupAdd"}(value);
  if (inSubgroup == 0u) { partial[subgroup] = ofSubgroup; }
  workgroupBarrier();
  var result = partial[0];
  for (var i = 1u; i * subgroupSize < ${threads}u; i++) { result = ${join("result", "partial[i]")}; }
  return result;
}`;
  return /* wgsl */ `
fn ${name}(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  partial[lane] = value;
  workgroupBarrier();
  for (var count = ${threads}u; count > 1u; count = (count + 1u) / 2u) {
    let half = (count + 1u) / 2u;
    if (lane + half < count) { partial[lane] = ${join("partial[lane]", "partial[lane + half]")}; }
    workgroupBarrier();
  }
  return partial[0];
}`;
}

/** Adds up the slices of the mix; the first ends with the sum. */
function addSlices(slices: number, headQuads: number): string {
  const steps: string[] = ["partialMix[lane] = mix;", "workgroupBarrier();"];
  for (let half = slices / 2; half >= 1; half /= 2)
    steps.push(
      `if (lane < ${half * headQuads}u) { partialMix[lane] += partialMix[lane + ${half * headQuads}u]; }`,
      "workgroupBarrier();",
    );
  steps.push("mix = partialMix[lane];");
  return steps.join("\n  ");
}
