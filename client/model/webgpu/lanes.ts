/**
 * How a program numbers its invocations and shares values among neighbours. Where subgroups are used, an
 * invocation's number is taken from its place in its subgroup, since WGSL does not promise that
 * local_invocation_index runs along subgroups.
 */
import type { KernelShape } from "./kernel-shape.ts";

/** Builtin parameters from which `laneOf` numbers the invocations of a workgroup. */
export const laneParameters = ({ subgroups }: KernelShape): string =>
  subgroups
    ? `@builtin(subgroup_id) subgroup: u32, @builtin(subgroup_size) subgroupSize: u32,
  @builtin(subgroup_invocation_id) inSubgroup: u32`
    : "@builtin(local_invocation_index) local: u32";

/** The number of an invocation, such that a subgroup's invocations are neighbours. */
export const laneOf = ({ subgroups }: KernelShape): string =>
  subgroups ? "subgroup * subgroupSize + inSubgroup" : "local";

/** 0, 1, ... count - 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
