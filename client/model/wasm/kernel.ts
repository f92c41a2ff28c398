/** The compiled kernel as TypeScript sees it: instantiated, its memory laid out for one model and one cache. */
import { Failure } from "#base/failure.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { conditionRows } from "#model/weights/tensor-names.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { KERNEL } from "./kernel-binary.ts";
import type { RecordMemory } from "./token-records.ts";

/** What assembly/kernel.ts exports; addresses are bytes from the start of memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly embedding: WebAssembly.Global<"i32">;
  readonly positions: WebAssembly.Global<"i32">;
  readonly conditions: WebAssembly.Global<"i32">;
  readonly conditionIds: WebAssembly.Global<"i32">;
  readonly records: WebAssembly.Global<"i32">;
  readonly cosines: WebAssembly.Global<"i32">;
  readonly sines: WebAssembly.Global<"i32">;
  readonly logits: WebAssembly.Global<"i32">;
  configure(...sizes: number[]): number;
  matrixAt(layer: number, which: number): number;
  pass(count: number, wanted: boolean): void;
}

/** 32-bit words of a token's record. */
const RECORD_WORDS = 8;

/** Matrices of a block, in the kernel's order. */
export const MATRICES = ["qkv", "out", "up", "down"] as const;

/** Whether this machine's WebAssembly has fixed-width SIMD. */
export function hasSimd(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(kernelBytes());
}

/** See the header. */
export class Kernel {
  /** Bytes in use. */
  readonly bytes: number;
  /** (V), after a pass that wanted them. */
  readonly logits: Float32Array;
  readonly recordMemory: RecordMemory;
  readonly #exports: Exports;

  private constructor(exports: Exports, bytes: number, vocabulary: number, words: number[]) {
    const { memory, logits, records, conditionIds, cosines, sines } = exports;
    const [recordWords, conditionWords, rotaryWords] = words;
    this.#exports = exports;
    this.bytes = bytes;
    this.logits = new Float32Array(memory.buffer, logits.value, vocabulary);
    this.recordMemory = {
      records: new Int32Array(memory.buffer, records.value, recordWords),
      conditions: new Int32Array(memory.buffer, conditionIds.value, conditionWords),
      cos: new Float32Array(memory.buffer, cosines.value, rotaryWords),
      sin: new Float32Array(memory.buffer, sines.value, rotaryWords),
    };
  }

  /**
   * @param rotaryPairs of a head that are rotated. @param chunk most tokens of a pass.
   * @throws Failure "unsupported" without SIMD, "unavailable" where memory does not suffice.
   */
  static async open(
    architecture: Architecture,
    layout: KvLayout,
    rotaryPairs: number,
    chunk: number,
  ): Promise<Kernel> {
    const { vocabulary, dim, depth, heads, headDim, feedForward } = architecture;
    const rows = architecture.positions === "absolute" ? architecture.contextLength : 0;
    const groups = architecture.conditions?.length ?? 0;
    const exports = await instantiate();
    const bytes = exports.configure(
      ...[vocabulary, dim, depth, heads, headDim, feedForward],
      ...[layout.capacity, rows, rotaryPairs, groups, conditionRows(architecture), chunk],
    );
    if (bytes === 0)
      throw new Failure(
        "unavailable",
        "There is not enough memory for this model; close other pages or take a smaller model.",
      );
    const words = [chunk * RECORD_WORDS, chunk * groups, chunk * 2 * rotaryPairs];
    return new Kernel(exports, bytes, vocabulary, words);
  }

  /** All memory; it does not grow any more. */
  get memory(): ArrayBuffer {
    return this.#exports.memory.buffer;
  }

  /** Where the token embeddings are to be written: f32, (V, dim padded). */
  get embeddingAt(): number {
    return this.#exports.embedding.value;
  }

  /** Where position embeddings are to be written: f32, (contextLength, dim padded); absolute models only. */
  get positionsAt(): number {
    return this.#exports.positions.value;
  }

  /** Where the rows of conditions are to be written: f32, (rows, dim padded); models with conditions only. */
  get conditionsAt(): number {
    return this.#exports.conditions.value;
  }

  /** Where `packMatrix` is to write a matrix of a block. */
  matrixAt(layer: number, which: (typeof MATRICES)[number]): number {
    return this.#exports.matrixAt(layer, MATRICES.indexOf(which));
  }

  /** Where `packMatrix` is to write the logits' matrix. */
  logitsMatrixAt(depth: number): number {
    return this.#exports.matrixAt(depth, 0);
  }

  /** Takes the `count` tokens whose records are written. @param wanted whether logits are computed. */
  pass(count: number, wanted: boolean): void {
    this.#exports.pass(count, wanted);
  }
}

async function instantiate(): Promise<Exports> {
  try {
    const { instance } = await WebAssembly.instantiate(kernelBytes());
    return instance.exports as unknown as Exports;
  } catch (cause) {
    throw new Failure(
      "unsupported",
      "WebAssembly with SIMD does not start here; use a browser of the last four years.",
      { cause },
    );
  }
}

function kernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(KERNEL), (letter) => letter.charCodeAt(0));
}
