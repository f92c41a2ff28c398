/** Futures out of a real batch on the device are those that are drawn one after the other. */
import { describe, expect, it } from "vitest";
import type { Decoder } from "#model/decoder.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import { createWebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import { PREFIX_LENGTH, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { type Future, FutureDrawing, type NoFuture } from "./futures.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true },
  sampling: drawnAlike({ temperature: 1.1, topP: 0.97 }),
  seed: 7,
};

describe("futures of a batch", () => {
  it("are those of a decoder that draws one after the other", async () => {
    const weights = randomWeights({ ...SMALL_ARCHITECTURE, vocabulary: VOCABULARY_SIZE }, 5);
    const open = () =>
      createWebgpuDecoder(weights, { prefixLength: PREFIX_LENGTH, draws: false, weights: "f32" });
    const main = await open();
    const composer = new Composer(main);
    composer.begin(SETTINGS);
    while (composer.onset < 70) await composer.next();
    const futuresOn = async (decoder: Decoder) => {
      const drawing = new FutureDrawing(composer, async () => decoder);
      const settings = [1, 2, 3].map((seed) => ({ ...SETTINGS, seed }));
      drawing.order({ number: 1, from: 64, until: 96, settings });
      const futures: (Future | NoFuture)[] = [];
      while (drawing.isAsked) futures.push(...listed(await drawing.advance()));
      drawing.dispose();
      return futures.sort((a, b) => ("index" in a && "index" in b ? a.index - b.index : 0));
    };
    const single = await open();
    Object.defineProperty(single, "batch", { value: undefined });
    const expected = await futuresOn(single);
    expect(expected).toHaveLength(3);
    expect(await futuresOn(await open())).toEqual(expected);
    main.dispose();
  });
});

const listed = (future: Future | NoFuture | undefined) => (future === undefined ? [] : [future]);
