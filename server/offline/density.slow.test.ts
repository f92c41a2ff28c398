/** The shipped model under a limit to its density, as on a slow machine: the limit holds, and chords stay chords. */
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Composer } from "#engine/compose/composer.ts";
import { drawnAlike } from "#engine/compose/composition.ts";
import type { Decoder } from "#model/decoder.ts";
import { createWasmDecoder } from "#model/wasm/wasm-decoder.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import { LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { PREFIX_LENGTH } from "#music/tokens/vocabulary.ts";
import { folderSource } from "../folder-source.ts";

const MODEL = resolve(import.meta.dirname, "../../presets/models/cadenza-starter");
const NOTES = 400;

let decoder: Decoder;
beforeAll(async () => {
  const { weights } = await loadModel(folderSource(MODEL));
  decoder = await createWasmDecoder(weights, { prefixLength: PREFIX_LENGTH });
});

/** A piece for each lead with drums: notes a bar of the densest, and notes an onset on the average. */
async function play(density: number | undefined) {
  let densest = 0;
  let onsets = 0;
  for (const lead of LEAD_INSTRUMENTS) {
    const composer = new Composer(decoder);
    composer.begin({
      constraint: { lead, drums: true, ...(density && { density }) },
      sampling: drawnAlike({ temperature: 1, topP: 0.96 }),
      seed: 40 + lead,
    });
    const seen = new Set<number>();
    for (let i = 0; i < NOTES; i++) seen.add((await composer.next()).onset);
    densest = Math.max(densest, (32 * NOTES) / (composer.onset + 32));
    onsets += seen.size;
  }
  return { densest, chord: (NOTES * LEAD_INSTRUMENTS.length) / onsets };
}

describe("a limited density", () => {
  it("is kept by every band, and chords do not swell for it", async () => {
    const free = await play(undefined);
    console.info(`no limit: ${JSON.stringify(free)}`);
    expect(free.densest).toBeGreaterThan(60);
    for (const density of [16, 28, 48]) {
      const limited = await play(density);
      console.info(`${density} notes a bar: ${JSON.stringify(limited)}`);
      expect(limited.densest).toBeLessThanOrEqual(density);
      expect(limited.chord).toBeLessThan(1.3 * free.chord);
    }
  });
});
