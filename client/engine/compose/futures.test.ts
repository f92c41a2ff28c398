/** Futures are drawn beside a piece, one after the other or all at once: the same ones, and the piece is none the wiser. */
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { DecoderBatch } from "#model/decoder.ts";
import type { TokenConditions } from "#model/token-run.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike, type Share } from "./composition.ts";
import { FutureDrawing, type FuturesOrder } from "./futures.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true },
  sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
  seed: 3,
};
const ORDER: FuturesOrder = {
  ...{ number: 7, from: 96, until: 160 },
  settings: [11, 12, 13, 14].map((seed) => ({ ...SETTINGS, seed })),
};

/** One with a batch, whose sequences are fake decoders, too. */
class BatchedDecoder extends FakeDecoder {
  steps = 0;

  async batch(sequences: number): Promise<DecoderBatch> {
    let rows: FakeDecoder[] = [];
    return {
      fork: () => {
        rows = Array.from({ length: sequences }, () => new FakeDecoder({ conditioned: true }));
        for (const row of rows) void row.prefill(this.tokens, this.conditions);
      },
      decodeStep: async (tokens, conditions?: readonly TokenConditions[]) => {
        this.steps++;
        const each = rows.map((row, b) => row.decodeStep(tokens[b], conditions?.[b]));
        const logits = await Promise.all(each);
        const all = new Float32Array(logits.length * logits[0].length);
        for (const [b, row] of logits.entries()) all.set(row, b * row.length);
        return all;
      },
      dispose: () => undefined,
    };
  }
}

async function futuresOf(spare: FakeDecoder, order = ORDER) {
  const composer = new Composer(new FakeDecoder({ conditioned: true }));
  composer.begin(SETTINGS);
  const drawing = new FutureDrawing(composer, async () => spare);
  drawing.order(order);
  expect(drawing.isAsked).toBe(false);
  while (composer.onset < 130) await composer.next();
  const before = [...composer.tokens];
  const futures = [];
  while (drawing.isAsked) {
    const future = await drawing.advance();
    if (future !== undefined) futures.push(future);
  }
  expect(composer.tokens).toEqual(before);
  while (composer.onset < 200) await composer.next();
  return { futures, notes: composer.notes };
}

const byIndex = (futures: readonly object[]) =>
  [...futures].sort((a, b) => (a as { index: number }).index - (b as { index: number }).index);

describe("futures", () => {
  it("are the same one after the other and all at once, and leave the piece as it is without", async () => {
    const spare = new BatchedDecoder({ conditioned: true });
    const batched = await futuresOf(spare);
    const single = await futuresOf(new FakeDecoder({ conditioned: true }));
    expect(single.futures.map((future) => "index" in future && future.index)).toEqual([0, 1, 2, 3]);
    expect(byIndex(batched.futures)).toEqual(single.futures);
    expect(batched.notes).toEqual(single.notes);
    const longest = Math.max(
      ...single.futures.map((future) => ("notes" in future ? future.notes.length : 0)),
    );
    // A step for each token of the longest, and its last event.
    expect(spare.steps).toBeLessThanOrEqual(3 * (longest + 1));
  });

  it("are drawn one after the other where something is given", async () => {
    const spare = new BatchedDecoder({ conditioned: true });
    const note = { instrument: 3, pitch: 60, velocity: 90, onset: 4, duration: 2 };
    const given = [{ from: 96, cycle: 32, notes: [note], alone: false }];
    const settings = ORDER.settings.map((each) => ({ ...each, given }));
    const { futures } = await futuresOf(spare, { ...ORDER, settings });
    expect(spare.steps).toBe(0);
    for (const future of futures)
      if ("notes" in future) {
        const own = future.notes.filter(({ instrument }) => instrument === 3);
        expect(own.map(({ onset }) => onset)).toEqual(expect.arrayContaining([100, 132]));
      }
  });

  it("are drawn one after the other where an instrument has a part of the velocities", async () => {
    const spare = new BatchedDecoder({ conditioned: true });
    const velocities = INSTRUMENTS.map((): Share => [0.5, 1]);
    const settings = ORDER.settings.map((each) => ({
      ...each,
      sampling: { ...each.sampling, velocities },
    }));
    const order = { ...ORDER, settings };
    const { futures } = await futuresOf(spare, order);
    expect(spare.steps).toBe(0);
    expect(futures).toEqual(
      (await futuresOf(new FakeDecoder({ conditioned: true }), order)).futures,
    );
  });

  it("are given up, with the reason, where no decoder can be opened or one fails", async () => {
    const spare = new FakeDecoder({ conditioned: true });
    spare.fault = new Failure("unavailable", "The device is gone.");
    const { futures } = await futuresOf(spare);
    expect(futures).toMatchObject([{ number: 7, why: { code: "sentence" } }]);
  });
});
