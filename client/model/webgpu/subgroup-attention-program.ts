/**
 * Attention of one layer over the cache in place, by one subgroup a head without shared memory or a barrier:
 * every invocation keeps the weights of its own slots, and only maxima and sums travel, by subgroup operations.
 * For CPU adapters, where a barrier makes every 4 invocations a coroutine of their own.
 *
 * Inputs, output, one workgroup's job and tolerance as in attention-program.ts.
 */
import { type AttentionSizes, HIDDEN, mostGroups, visibleSlots } from "./visible-slots.ts";

/** WGSL source. @param subgroupSize the adapter's only one. */
export function subgroupAttentionProgram(sizes: AttentionSizes, subgroupSize: number): string {
  const { heads, headDim } = sizes.architecture;
  const headQuads = headDim / 4;
  const rowBlocks = sizes.slots / 4;
  return /* wgsl */ `enable subgroups;
${visibleSlots(sizes)}
@compute @workgroup_size(${subgroupSize})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let head = workgroup.x;
  let token = workgroup.y;
  let seen = visible(token);
  // Scores, then weights, of this invocation's groups of slots, and where those are.
  var shares: array<vec4f, ${Math.ceil(mostGroups(sizes) / subgroupSize)}>;
  var groupOf: array<u32, ${Math.ceil(mostGroups(sizes) / subgroupSize)}>;
  var count = 0u;

  var high = ${HIDDEN};
  for (var j = lane; j < seen.groups; j += ${subgroupSize}u) {
    let found = scoresOf(head, token, j, seen, ${rowBlocks}u);
    shares[count] = found.scores;
    groupOf[count] = found.group;
    count++;
    high = max(high, max(max(found.scores.x, found.scores.y), max(found.scores.z, found.scores.w)));
  }
  high = subgroupMax(high);

  var sum = 0.0;
  for (var i = 0u; i < count; i++) {
    shares[i] = exp(shares[i] - high);
    sum += dot(shares[i], vec4f(1.0));
  }
  sum = subgroupAdd(sum);

  for (var quad = 0u; quad < ${headQuads}u; quad++) {
    let row = (head * ${headQuads}u + quad) * ${rowBlocks}u;
    var mix = vec4f();
    for (var i = 0u; i < count; i++) { mix += values[row + groupOf[i]] * shares[i]; }
    mix = subgroupAdd(mix);
    if (lane == 0u) { mixed[(token * ${heads}u + head) * ${headQuads}u + quad] = mix / sum; }
  }
}
`;
}
