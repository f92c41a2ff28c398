/** The same seed gives the same piece, wherever its tokens are drawn and however far ahead. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Decoder, DrawRequest } from "#model/decoder.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { createTfjsDecoder } from "#model/tfjs/tfjs-decoder.ts";
import { createWebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import type { Weights } from "#model/weights/weights.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import type { Note } from "#music/note.ts";
import { EVENT_LENGTH, PREFIX_LENGTH, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true, band: [1, 2, 8], key: parseKey("D minor") },
  sampling: {
    rhythm: { temperature: 1.1, topP: 0.97, topK: 200 },
    dynamics: { temperature: 1.1, topP: 0.98, stretch: 0.15 },
    pitch: { temperature: 1.2, minP: 0.01 },
  },
  seed: 7,
};
/** A chart of chords that notes keep to. */
const CHORDS = {
  constraint: { ...SETTINGS.constraint, chordLock: "beats" },
  chart: {
    written: Object.fromEntries(
      Array.from({ length: 200 }, (_, bar) => [
        bar,
        {
          chords: [
            { root: (5 * bar) % 12, quality: "minor" },
            { root: (5 * bar + 2) % 12, quality: "dominant" },
          ] as const,
        },
      ]),
    ),
  },
} as const satisfies Partial<CompositionSettings>;
const prefixLength = PREFIX_LENGTH;
const onGpu = (weights: Weights, draws: boolean) =>
  createWebgpuDecoder(weights, { prefixLength, draws, weights: "f32" });

/** How many events may be drawn at once for the one that comes next. */
type Ahead = (event: number) => number;

async function compose(composer: Composer, count: number, ahead = 1): Promise<Note[]> {
  const notes: Note[] = [];
  while (notes.length < count) notes.push(await composer.next(ahead));
  return notes;
}

/** Tokens that a decoder takes and draws, to see what was thrown away. */
function counted(decoder: Decoder): { decoder: Decoder; drawn: () => number; draws: () => number } {
  let drawn = 0;
  let draws = 0;
  const { draw } = decoder;
  const counting = Object.create(decoder, {
    draw: {
      configurable: true,
      value: (request: DrawRequest) => {
        drawn += request.count;
        draws++;
        return draw?.(request);
      },
    },
  });
  // Private fields live in the decoder itself.
  for (const name of ["prefill", "decodeStep", "truncate"] as const)
    counting[name] = (decoder[name] as (...args: unknown[]) => unknown).bind(decoder);
  for (const name of ["position", "oldestPosition"] as const)
    Object.defineProperty(counting, name, { get: () => decoder[name] });
  return { decoder: counting, drawn: () => drawn, draws: () => draws };
}

describe("300 tokens of the weights that ship, past the end of their window", () => {
  const EVENTS = 300 / EVENT_LENGTH;
  /** A quarter of the model's own, which 300 tokens pass. */
  const CONTEXT_LENGTH = 128;
  let weights: Weights;
  let onCpu: readonly number[];
  beforeAll(async () => {
    ({ weights } = await loadModel(httpSource("/presets/models/cadenza-starter")));
    const architecture = { ...weights.architecture, contextLength: CONTEXT_LENGTH };
    Object.assign(weights, { architecture });
    const wasmPaths = "/node_modules/@tensorflow/tfjs-backend-wasm/dist/";
    const decoder = await createTfjsDecoder(weights, { backend: "wasm", prefixLength, wasmPaths });
    onCpu = await tokensOf(decoder, () => 1);
  }, 300_000);

  async function tokensOf(decoder: Decoder, ahead: Ahead): Promise<readonly number[]> {
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    for (let event = 0; event < EVENTS; event++) await composer.next(ahead(event));
    decoder.dispose();
    return composer.tokens;
  }

  it("are 300 tokens of a band that plays", () => {
    expect(onCpu).toHaveLength(PREFIX_LENGTH + 300);
    expect(new Set(onCpu).size).toBeGreaterThan(40);
  });

  it("are on the device, one to four events a submit, what they are on the CPU", async () => {
    const decoder = await onGpu(weights, true);
    expect(await tokensOf(decoder, (event) => 1 + (event % 4))).toEqual(onCpu);
  });

  it("surprise the model there as much as drawn here", async () => {
    const [there, here] = [true, false].map(async (draws) => {
      const decoder = await onGpu(weights, draws);
      const composer = new Composer(decoder);
      composer.watchSurprise();
      composer.begin(SETTINGS);
      await compose(composer, 40, 4);
      decoder.dispose();
      return composer.surprise!;
    });
    expect(await here).toBeGreaterThan(20);
    expect(await there).toBeCloseTo(await here, 1);
  });

  it("are the same drawn here from the device's logits", async () => {
    expect(await tokensOf(await onGpu(weights, false), () => 1)).toEqual(onCpu);
  });
});

describe("drawing ahead", () => {
  const weights = randomWeights(
    {
      vocabulary: VOCABULARY_SIZE,
      dim: 32,
      depth: 1,
      heads: 1,
      headDim: 16,
      feedForward: 32,
      contextLength: 128,
      positions: "rotary",
    },
    1,
  );
  let drawing: Decoder;
  let plain: Decoder;
  beforeAll(async () => {
    drawing = await onGpu(weights, true);
    plain = await onGpu(weights, false);
  });
  afterAll(() => {
    drawing.dispose();
    plain.dispose();
  });

  /** Everything that can happen to a piece, twice; `ahead` changes from event to event. */
  async function perform(decoder: Decoder, aheads: Ahead[]): Promise<Note[][]> {
    const composer = new Composer(decoder);
    const heard: Note[][] = [];
    for (const [index, ahead] of aheads.entries()) {
      const some = async (count: number) => {
        for (let i = 0; i < count; i++) heard[heard.length - 1].push(await composer.next(ahead(i)));
      };
      heard.push([]);
      composer.begin({ ...SETTINGS, seed: index + 1 });
      await some(30);
      const { onset } = composer;
      heard.push([]);
      composer.retake(onset - 20, { ...SETTINGS, seed: 5 });
      await some(10);
      composer.retake(onset + 1, {
        ...SETTINGS,
        sampling: drawnAlike({ temperature: 1.2, topP: 0.7 }),
        constraint: { ...SETTINGS.constraint, density: 20 },
      });
      await some(18);
      heard.push([]);
      composer.retake(composer.onset - 9, {
        ...SETTINGS,
        constraint: { lead: 8, drums: false, band: [5] },
      });
      await some(30);
      composer.retake(composer.onset - 9, { ...SETTINGS, ...CHORDS });
      await some(26);
      composer.announceOutro();
      await some(10);
    }
    return heard;
  }

  it("gives the same notes through retakes, a new lead, an outro and another piece", async () => {
    const alone: Ahead = () => 1;
    const expected = await perform(plain, [alone, alone]);
    expect(await perform(drawing, [(event) => 1 + (event % 16), alone])).toEqual(expected);
  });

  it("saves submits, and throws nothing away while the same notes are allowed", async () => {
    const { decoder, drawn, draws } = counted(drawing);
    const composer = new Composer(decoder);
    composer.begin({ ...SETTINGS, constraint: { lead: 0, drums: false, band: [] } });
    await compose(composer, 101, 4);
    // The first event comes alone.
    expect(draws()).toBe(26);
    expect(drawn()).toBe(EVENT_LENGTH * 101);
  });

  it("saves submits where a chord changes in every half bar, and throws nothing away", async () => {
    const { decoder, drawn, draws } = counted(drawing);
    const composer = new Composer(decoder);
    const constraint = { ...CHORDS.constraint, lead: 0, drums: false, band: [] };
    composer.begin({ ...SETTINGS, ...CHORDS, constraint });
    await compose(composer, 101, 4);
    expect(draws()).toBeLessThan(35);
    expect(drawn()).toBeLessThan(1.3 * EVENT_LENGTH * 101);
  });

  it("gives the same notes where levels, players, leader and kit are kept to", async () => {
    const constraint = { lead: 0, drums: true };
    const arranged = new OrderedChart({ arranged: { seed: 3, ...constraint } });
    const bars = Array.from({ length: 40 }, (_, bar) => [bar, arranged.bar(bar)] as const);
    const settings = { ...SETTINGS, constraint, chart: { written: Object.fromEntries(bars) } };
    const perform = async (decoder: Decoder, ahead: number) => {
      const composer = new Composer(decoder);
      composer.begin(settings);
      return await compose(composer, 150, ahead);
    };
    const expected = await perform(plain, 1);
    expect(new Set(expected.map(({ instrument }) => instrument))).toContain(DRUMS);
    expect(await perform(drawing, 1)).toEqual(expected);
    expect(await perform(drawing, 7)).toEqual(expected);
  });

  it("goes on from logits when the decoder can draw no more", async () => {
    const expected = new Composer(plain);
    expected.begin(SETTINGS);
    const notes = await compose(expected, 30);
    const { decoder } = counted(drawing);
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    const before = await compose(composer, 10, 4);
    Object.defineProperty(decoder, "draw", { value: undefined });
    expect([...before, ...(await compose(composer, 20, 4))]).toEqual(notes);
  });
});
