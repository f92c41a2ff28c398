import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { Decoder } from "#model/decoder.ts";
import { QuantisedReference } from "#model/reference/quantised-reference.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import { createTfjsDecoder } from "#model/tfjs/tfjs-decoder.ts";
import { createWasmDecoder } from "#model/wasm/wasm-decoder.ts";
import type { Weights } from "#model/weights/weights.ts";
import { losable } from "./losable-decoder.ts";
import { type SoakSubject, soak, soakedWeights } from "./soak.ts";
import { F32_RELATIVE_ERROR, INT8_RELATIVE_ERROR } from "./tolerances.ts";

const STEPS = 20_000;
const MEGABYTE = 2 ** 20;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

interface Backend {
  make(weights: Weights, options: { prefixLength: number; slack: number }): Promise<Decoder>;
  oracle(weights: Weights): SoakSubject["oracle"];
  readonly tolerance: number;
  alive(): Readonly<Record<string, number>>;
}

const BACKENDS: Record<string, Backend> = {
  "own wasm": {
    make: createWasmDecoder,
    oracle: (weights) => new QuantisedReference(weights, 3),
    tolerance: INT8_RELATIVE_ERROR,
    // Its memory is the heap's to free; see `usedBytes`.
    alive: () => ({}),
  },
  "tfjs' wasm": {
    make: (weights, options) => createTfjsDecoder(weights, { ...options, backend: "wasm" }),
    oracle: (weights) => new ReferenceModel(weights, 3),
    tolerance: F32_RELATIVE_ERROR,
    alive: () => ({ tensors: tf.memory().numTensors }),
  },
};

describe.each(Object.keys(BACKENDS))("a soak of %s", (name) => {
  const backend = BACKENDS[name];
  it.each(["rotary", "absolute", "conditioned rotary", "conditioned absolute"] as const)(
    "%s: right, and nothing leaks",
    async (model) => {
      const weights = soakedWeights(model);
      const subject: SoakSubject = {
        weights,
        make: async (options) => losable(await backend.make(weights, options)),
        oracle: backend.oracle(weights),
        tolerance: backend.tolerance,
        alive: () => backend.alive(),
      };
      // What is made once stays.
      await soak(subject, STEPS / 5, 1);
      const before = backend.alive();
      const bytes = await usedBytes();
      const report = await soak(subject, STEPS, 2);
      const megabytes = ((await usedBytes()) - bytes) / MEGABYTE;
      console.info(`${name}, ${model}: ${JSON.stringify({ ...report, megabytes })}`);
      expect(backend.alive()).toEqual(before);
      expect(megabytes).toBeLessThan(1);
      expect(report.checks).toBeGreaterThan(100);
      const { truncations, restarts, losses, changes } = report;
      expect(Math.min(truncations, restarts, losses, changes)).toBeGreaterThan(10);
      expect(report.otherDraws).toBeLessThanOrEqual(report.checks / 100);
    },
  );
});

/** Bytes of heap and array buffers that are in use. What a collection found dead is freed in turns of its own. */
async function usedBytes(): Promise<number> {
  for (let least = Number.POSITIVE_INFINITY; ; ) {
    collect();
    await new Promise((wake) => setTimeout(wake, 50));
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external > least - MEGABYTE / 10) return least;
    least = heapUsed + external;
  }
}
