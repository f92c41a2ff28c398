/**
 * Joins a value of every invocation of a workgroup and gives the result to all: the invocations stand in a
 * square, columns are joined first, then their results, which takes two barriers whatever the size.
 */
import { assert } from "#base/assert.ts";

/**
 * WGSL of `fn name(value: type, lane: u32) -> type`, to be called in uniform control flow.
 * @param join an expression of two others, associative but for rounding. @param lanes a power of 4.
 */
export function reduction(
  name: string,
  type: string,
  join: (a: string, b: string) => string,
  lanes: number,
): string {
  const side = Math.sqrt(lanes);
  assert(Number.isInteger(Math.log2(side)), `${lanes} lanes: expected a power of 4`);
  return /* wgsl */ `
var<workgroup> ${name}Each: array<${type}, ${lanes}>;
var<workgroup> ${name}Column: array<${type}, ${side}>;
fn ${name}(value: ${type}, lane: u32) -> ${type} {
  ${name}Each[lane] = value;
  workgroupBarrier();
  if (lane < ${side}u) {
    var joined = ${name}Each[lane];
    for (var i = 1u; i < ${side}u; i++) { joined = ${join("joined", `${name}Each[i * ${side}u + lane]`)}; }
    ${name}Column[lane] = joined;
  }
  workgroupBarrier();
  var joined = ${name}Column[0];
  for (var i = 1u; i < ${side}u; i++) { joined = ${join("joined", `${name}Column[i]`)}; }
  return joined;
}`;
}
