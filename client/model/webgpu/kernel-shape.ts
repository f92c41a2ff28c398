/**
 * How kernels are laid over workgroups on one adapter. All numbers are part of the WGSL text, so a shape is
 * chosen once, before pipelines are compiled.
 *
 * A matrix is read in blocks of 4 inputs x 4 outputs. A workgroup owns a panel of `columns * perThread` block
 * columns; `slices` threads share a column, each taking every slices-th block row, and add up at the end.
 * Many slices give a GPU enough threads for one token; a CPU adapter (SwiftShader) runs 4 invocations at a time
 * and pays for every barrier, so there one thread takes whole columns.
 */
import { assert } from "#base/assert.ts";

/** Panel of a matrix, see the header; counts of block columns and threads. */
export interface Packing {
  readonly columns: number;
  readonly perThread: number;
  readonly slices: number;
}

/** What all programs of one decoder share. */
export interface KernelShape {
  readonly packing: Packing;
  /** Tokens that share one read of the weights in a prefill. */
  readonly tileTokens: number;
  /** Tiles a workgroup takes side by side, with `columns` threads each. */
  readonly tilesPerWorkgroup: number;
  /** A head's workgroup: one subgroup of this size, or at most this many threads that share memory. */
  readonly attention: { readonly by: "subgroup" | "workgroup"; readonly threads: number };
  /** Whether matrix programs use subgroup operations; else shared memory and barriers. */
  readonly subgroups: boolean;
}

/** What of an adapter decides the shape. */
export interface AdapterTraits {
  /** Runs on the CPU, whatever it calls itself. */
  readonly software: boolean;
  /** Fewest invocations of a subgroup; 0 where subgroup operations cannot be used. */
  readonly subgroupSize: number;
}

/** Reads the traits of a device. Subgroups count only where invocations can be numbered by subgroup. */
export function adapterTraits(device: GPUDevice): AdapterTraits {
  const { adapterInfo } = device;
  const numbered = navigator.gpu.wgslLanguageFeatures.has("subgroup_id");
  const subgroups = device.features.has("subgroups") && numbered;
  return {
    software: adapterInfo.architecture === "swiftshader" || adapterInfo.isFallbackAdapter === true,
    subgroupSize: subgroups ? adapterInfo.subgroupMinSize : 0,
  };
}

/** Invocations of a workgroup that takes tiles of tokens, on a GPU. */
const TILE_THREADS = 64;

/** The shape for an adapter. */
export function kernelShape({ software, subgroupSize }: AdapterTraits): KernelShape {
  const subgroups = subgroupSize > 1;
  if (software)
    return {
      packing: { columns: 8, perThread: 2, slices: 1 },
      tileTokens: 8,
      tilesPerWorkgroup: 1,
      attention: subgroups
        ? { by: "subgroup", threads: subgroupSize }
        : { by: "workgroup", threads: 16 },
      subgroups,
    };
  const slices = subgroups ? Math.min(32, subgroupSize) : 32;
  return {
    packing: { columns: 128 / slices, perThread: 1, slices },
    tileTokens: 8,
    tilesPerWorkgroup: Math.max(1, (TILE_THREADS * slices) / 128),
    attention: { by: "workgroup", threads: 256 },
    subgroups,
  };
}

/** Shapes that may be faster on an adapter than `usual`, which comes first; see tuned-shape.ts. */
export function shapeCandidates(usual: KernelShape, traits: AdapterTraits): KernelShape[] {
  const { columns, perThread, slices } = usual.packing;
  const others: Packing[] = traits.software
    ? [
        { columns: 4, perThread: 4, slices },
        { columns: 8, perThread: 4, slices },
        { columns: 16, perThread: 1, slices },
      ]
    : [
        { columns: columns / 2, perThread, slices },
        { columns: columns * 2, perThread, slices },
        { columns, perThread: 2, slices },
        { columns: columns * 2, perThread, slices: slices / 2 },
        { columns: columns * 4, perThread, slices: slices / 4 },
        { columns: columns * 2, perThread: 2, slices: slices / 2 },
      ];
  const possible = others.filter((packing) => packing.columns >= 1 && packing.slices >= 1);
  const tilesFor = (packing: Packing) =>
    traits.software ? 1 : Math.max(1, TILE_THREADS / packing.columns);
  return [
    usual,
    ...possible.map((packing) => ({ ...usual, packing, tilesPerWorkgroup: tilesFor(packing) })),
  ];
}

/** Throws on a shape that no program could be made from: our own mistake. */
export function assertShape(
  { packing, attention, subgroups }: KernelShape,
  { subgroupSize }: AdapterTraits,
): void {
  const { columns, perThread, slices } = packing;
  for (const count of [columns, perThread, slices])
    assert(Number.isInteger(count) && count >= 1, `shape of ${count}: expected a positive integer`);
  assert((slices & (slices - 1)) === 0, `${slices} slices: expected a power of two`);
  const together = Math.max(
    subgroups ? slices : 1,
    attention.by === "subgroup" ? attention.threads : 1,
  );
  assert(
    together === 1 || together <= subgroupSize,
    `${together} threads do not fit a subgroup of ${subgroupSize}`,
  );
}
