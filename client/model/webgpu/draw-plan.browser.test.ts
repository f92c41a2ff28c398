/** What is drawn on the device is what `sample` draws from the same logits, and is taken as though it were handed in. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { SMALL_GROUPS } from "#model/testing/conditions-of.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import { watchValidation } from "#model/testing/watched-validation.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { TENSOR } from "#model/weights/tensor-names.ts";
import type { Weights } from "#model/weights/weights.ts";
import { type DrawRequest, type DrawRules, MOST_DRAWN } from "../decoder.ts";
import { type SampleOptions, type SampleWay, sample } from "../sampler.ts";
import { surpriseOf } from "../surprise.ts";
import { DeviceLost, sharedDevice } from "./device.ts";
import { createWebgpuDecoder, type WebgpuDecoder } from "./webgpu-decoder.ts";

const ARCHITECTURE: Architecture = { ...SMALL_ARCHITECTURE, vocabulary: 3088 };
const V = ARCHITECTURE.vocabulary;
const MASK_WORDS = Math.ceil(V / 32);

/** The state is a mask, bit by bit, and stays as it is. */
const MASKED: DrawRules = {
  stateWords: MASK_WORDS,
  ways: 1,
  source: /* wgsl */ `
fn look(lane: u32) {}
fn measure(token: u32) -> f32 { return f32(token % 8u); }
fn extent(token: u32) -> f32 { return f32(token % 5u); }
fn way() -> u32 { return 0u; }
fn allowed(token: u32) -> bool { return ((state[token >> 5u] >> (token & 31u)) & 1u) == 1u; }
fn take(token: u32) {}`,
};

/** As many ways as are asked for, one after the other; everything is allowed. */
const TURNING: DrawRules = {
  stateWords: 1,
  ways: 3,
  source: /* wgsl */ `
fn look(lane: u32) {}
fn measure(token: u32) -> f32 { return f32(token % 8u); }
fn extent(token: u32) -> f32 { return f32(token % 5u); }
fn way() -> u32 { return state[0] % 3u; }
fn allowed(token: u32) -> bool { return true; }
fn take(token: u32) { state[0] += 1u; }`,
};

/** After each token only those in (token, token + 100] may follow, around the end. */
const CLIMBING: DrawRules = {
  stateWords: 1,
  ways: 1,
  source: /* wgsl */ `
fn look(lane: u32) {}
fn measure(token: u32) -> f32 { return f32(token % 8u); }
fn extent(token: u32) -> f32 { return f32(token % 5u); }
fn way() -> u32 { return 0u; }
fn allowed(token: u32) -> bool {
  let above = (token + ${V}u - state[0]) % ${V}u;
  return above >= 1u && above <= 100u;
}
fn take(token: u32) { state[0] = token; }`,
};

/** The same, and each token carries rows that follow from its id. */
const CONDITIONED: DrawRules = {
  ...CLIMBING,
  conditionGroups: SMALL_GROUPS.length,
  source: /* wgsl */ `${CLIMBING.source}
fn conditionRow(group: u32) -> u32 {
  var rows = array<u32, ${SMALL_GROUPS.length}>(${SMALL_GROUPS.map(({ rows }) => `${rows}u`).join()});
  var start = 0u;
  for (var before = 0u; before < group; before++) { start += rows[before]; }
  return start + (state[0] / (group + 1u)) % rows[group];
}`,
};

watchValidation();

let decoder: WebgpuDecoder;
beforeAll(async () => {
  // Wider logits than such weights give, so that thresholds and the cold cut deep.
  decoder = await open(scaled(randomWeights(ARCHITECTURE, 1), TENSOR.logits, 3));
});
afterAll(() => decoder.dispose());

const open = (weights: Weights, drawLanes?: number) =>
  createWebgpuDecoder(weights, {
    prefixLength: 3,
    draws: true,
    weights: "f32",
    ...(drawLanes !== undefined && { drawLanes }),
  });

/** What `measure` of the rules says. */
const MEASURES = Float32Array.from({ length: V }, (_, id) => id % 8);
/** What `extent` of the rules says. */
const EXTENTS = Float32Array.from({ length: V }, (_, id) => id % 5);

const everything = new Uint32Array(MASK_WORDS).fill(0xffffffff);
/** A request with one way of drawing, whose fields stand beside the request's. */
const request = ({
  temperature = 1,
  topK,
  topP,
  minP,
  stretch,
  pull,
  ...change
}: Partial<DrawRequest> & Partial<SampleWay>): DrawRequest => ({
  tokens: [1],
  rules: MASKED,
  state: everything,
  count: 1,
  ways: [
    {
      temperature,
      ...(topK !== undefined && { topK }),
      ...(topP !== undefined && { topP }),
      ...(minP !== undefined && { minP }),
      ...(stretch !== undefined && { stretch }),
      ...(pull !== undefined && { pull }),
    },
  ],
  seed: 7,
  counter: 0,
  ...change,
});

describe("a draw", () => {
  const CASES: Record<string, Partial<SampleOptions>> = {
    plain: {},
    cold: { temperature: 0 },
    cool: { temperature: 0.3 },
    warm: { temperature: 1.7 },
    "top-p 0.9": { topP: 0.9 },
    "top-p 0.2, cool": { topP: 0.2, temperature: 0.5 },
    "top-k 1": { topK: 1 },
    "top-k 40": { topK: 40 },
    "top-k of more than there are": { topK: 4000 },
    "top-k and top-p": { topK: 200, topP: 0.7, temperature: 1.2 },
    "min-p 0.05": { minP: 0.05 },
    "min-p 0.3, warm": { minP: 0.3, temperature: 1.4 },
    "top-p and min-p": { topP: 0.8, minP: 0.1 },
    "pulled up": { pull: { to: 6, by: 0.35 } },
    "pulled down, cut": { pull: { to: 1, by: 0.2 }, topP: 0.9, minP: 0.02 },
    "pulled, cold": { pull: { to: 3, by: 1.3 }, temperature: 0 },
    stretched: { stretch: 0.25 },
    "shortened and pulled, cut": { stretch: -0.4, pull: { to: 5, by: 0.1 }, topP: 0.95 },
    "another seed and stream": { seed: -5, stream: 3 },
  };
  it.each(Object.entries(CASES))("is the token that `sample` draws: %s", async (_, options) => {
    const random = new Random(3);
    for (let counter = 0; counter < 40; counter++) {
      const tokens = [random.integer(V), random.integer(V)];
      // A share of the vocabulary, from nearly nothing to all of it.
      const share = random.next() ** 3;
      const mask = Uint8Array.from({ length: V }, () => (random.next() < share ? 1 : 0));
      mask[random.integer(V)] = 1;
      const known = { measures: MEASURES, extents: EXTENTS, counter };
      const how = { temperature: 1, seed: 7, ...options, ...known };
      decoder.truncate(0);
      const expected = sample(await decoder.prefill(tokens), { ...how, mask });
      decoder.truncate(0);
      const state = new Uint32Array(MASK_WORDS);
      for (let id = 0; id < V; id++) state[id >> 5] |= mask[id] << (id & 31);
      expect(await decoder.draw?.(request({ ...how, tokens, state }))).toEqual({
        tokens: [expected],
      });
    }
  });

  it("tells how much each token surprises the model, where that is watched", async () => {
    const random = new Random(4);
    const pulled = { temperature: 0.6, topP: 0.8, pull: { to: 6, by: 0.35 } };
    for (let counter = 0; counter < 20; counter++) {
      const tokens = [random.integer(V), random.integer(V)];
      const share = random.next() ** 3;
      const mask = Uint8Array.from({ length: V }, () => (random.next() < share ? 1 : 0));
      mask[random.integer(V)] = 1;
      decoder.truncate(0);
      const logits = (await decoder.prefill(tokens)).slice();
      decoder.truncate(0);
      const state = new Uint32Array(MASK_WORDS);
      for (let id = 0; id < V; id++) state[id >> 5] |= mask[id] << (id & 31);
      const asked = request({ ...pulled, tokens, state, counter, watchesSurprise: true });
      const drawn = await decoder.draw!(asked);
      expect(drawn.surprises).toHaveLength(1);
      expect(drawn.surprises![0]).toBeCloseTo(surpriseOf(logits, mask, drawn.tokens[0]), 4);
    }
    const climb = { rules: CLIMBING, state: Uint32Array.of(0), count: MOST_DRAWN };
    decoder.truncate(0);
    const many = await decoder.draw!(request({ ...climb, watchesSurprise: true }));
    decoder.truncate(0);
    expect(await decoder.draw!(request(climb))).toEqual({ tokens: many.tokens });
    decoder.truncate(0);
    let from = 0;
    let logits = await decoder.prefill([1]);
    for (const [index, token] of many.tokens.entries()) {
      const mask = Uint8Array.from({ length: V }, (_, id) => {
        const above = (id + V - from) % V;
        return above >= 1 && above <= 100 ? 1 : 0;
      });
      expect(many.surprises![index]).toBeCloseTo(surpriseOf(logits, mask, token), 3);
      logits = await decoder.decodeStep(token);
      from = token;
    }
  });

  it.each([4, 64, 256])("is the same with %d lanes", async (lanes) => {
    const other = await open(scaled(randomWeights(ARCHITECTURE, 1), TENSOR.logits, 3), lanes);
    for (const options of [{ topK: 300, topP: 0.8 }, { temperature: 0 }, {}]) {
      const climb = { ...options, rules: CLIMBING, state: Uint32Array.of(0), count: 40 };
      decoder.truncate(0);
      other.truncate(0);
      expect(await other.draw?.(request(climb))).toEqual(await decoder.draw?.(request(climb)));
    }
    other.dispose();
  });

  it("takes the lowest id among equals when cold, and draws among all equals when not", async () => {
    const flat = await open(scaled(randomWeights(ARCHITECTURE, 1), TENSOR.logits, 0));
    const state = everything.slice();
    state[0] = 0xfffffe00; // from 9 on
    expect(await flat.draw?.(request({ state, temperature: 0 }))).toEqual({ tokens: [9] });
    const expected = sample(new Float32Array(V), { temperature: 1, seed: 7, counter: 0, topK: 1 });
    flat.truncate(0);
    expect(await flat.draw?.(request({ topK: 1 }))).toEqual({ tokens: [expected] });
    flat.dispose();
  });

  it.each([1, 2, 3, 12, MOST_DRAWN])(
    "of %d tokens is that many draws of one, rolling too",
    async (count) => {
      // One by one, by the CPU.
      const total = 96;
      const tokens = [5, 6, 7, 8];
      const how = { temperature: 0.9, topP: 0.95, seed: 11 };
      decoder.truncate(0);
      let logits = await decoder.prefill(tokens);
      for (let i = 0; i < total; i++) {
        const from = tokens[tokens.length - 1];
        const mask = Uint8Array.from({ length: V }, (_, id) => {
          const above = (id + V - from) % V;
          return above >= 1 && above <= 100 ? 1 : 0;
        });
        tokens.push(sample(logits, { ...how, mask, counter: i }));
        logits = await decoder.decodeStep(tokens[tokens.length - 1]);
      }
      decoder.truncate(0);
      const drawn = [5, 6, 7, 8];
      for (let taken = 0; drawn.length < tokens.length; ) {
        const state = Uint32Array.of(drawn[drawn.length - 1]);
        const counter = drawn.length - 4;
        const pending = drawn.slice(taken);
        const part = { ...how, rules: CLIMBING, state, tokens: pending, count, counter };
        drawn.push(...(await decoder.draw!(request(part))).tokens);
        taken = drawn.length - 1;
        expect(decoder.position).toBe(taken);
      }
      expect(drawn.slice(0, tokens.length)).toEqual(tokens);
      // And what was drawn too much can be cut off.
      decoder.truncate(tokens.length - 1);
      const again = await decoder.decodeStep(tokens[tokens.length - 1]);
      expect([...again]).toEqual([...logits]);
    },
  );

  it("draws each token the way that the rules choose", async () => {
    const ways: SampleWay[] = [
      { temperature: 0 },
      { temperature: 2 },
      { temperature: 1, minP: 0.4 },
    ];
    decoder.truncate(0);
    const tokens = [5];
    let logits = await decoder.prefill(tokens);
    for (let i = 0; i < 9; i++) {
      tokens.push(sample(logits, { ...ways[i % 3], seed: 11, counter: i }));
      logits = await decoder.decodeStep(tokens[tokens.length - 1]);
    }
    decoder.truncate(0);
    const asked = { rules: TURNING, state: Uint32Array.of(0), ways, seed: 11, count: 9 };
    expect(await decoder.draw?.(request({ ...asked, tokens: [5] }))).toEqual({
      tokens: tokens.slice(1),
    });
  });

  it.each([1, 5, MOST_DRAWN])(
    "of %d tokens gives each the conditions that the rules say, and says them",
    async (count) => {
      const carried = (token: number) => {
        let start = 0;
        return SMALL_GROUPS.map(({ rows }, group) => {
          start += rows;
          return start - rows + (Math.floor(token / (group + 1)) % rows);
        });
      };
      const run = (tokens: readonly number[]) => ({ tokens, conditions: tokens.map(carried) });
      const weights = randomWeights({ ...ARCHITECTURE, conditions: SMALL_GROUPS }, 1);
      const conditioned = await open(scaled(weights, TENSOR.logits, 3));
      const how = { temperature: 0.9, topP: 0.95, seed: 11 };
      const tokens = [5, 6, 7, 8];
      let logits = await conditioned.prefill(tokens, tokens.map(carried));
      for (let i = 0; i < 90; i++) {
        const from = tokens[tokens.length - 1];
        const mask = Uint8Array.from({ length: V }, (_, id) => {
          const above = (id + V - from) % V;
          return above >= 1 && above <= 100 ? 1 : 0;
        });
        const token = sample(logits, { ...how, mask, counter: i });
        tokens.push(token);
        logits = (await conditioned.decodeStep(token, carried(token))).slice();
      }
      conditioned.truncate(0);
      const drawn = [5, 6, 7, 8];
      for (let taken = 0; drawn.length < tokens.length; taken = drawn.length - 1) {
        const state = Uint32Array.of(drawn[drawn.length - 1]);
        const counter = drawn.length - 4;
        const part = { rules: CONDITIONED, state, ...run(drawn.slice(taken)), count, counter };
        const more = await conditioned.draw!(request({ ...how, ...part }));
        expect(more.conditions).toEqual(more.tokens.map(carried));
        drawn.push(...more.tokens);
      }
      expect(drawn.slice(0, tokens.length)).toEqual(tokens);
      conditioned.truncate(tokens.length - 1);
      const last = tokens[tokens.length - 1];
      expect([...(await conditioned.decodeStep(last, carried(last)))]).toEqual([...logits]);
      const plain = conditioned.draw!(
        request({ ...run([1]), rules: CLIMBING, state: Uint32Array.of(0) }),
      );
      await expect(plain).rejects.toThrow(/rules of 0 conditions, expected 4/);
      conditioned.dispose();
    },
  );

  it("takes a long prefill first", async () => {
    const tokens = Array.from({ length: 300 }, (_, i) => (i * 37) % V);
    decoder.truncate(0);
    const expected = sample(await decoder.prefill(tokens), { temperature: 1, seed: 7, counter: 0 });
    decoder.truncate(0);
    expect(await decoder.draw?.(request({ tokens }))).toEqual({ tokens: [expected] });
    expect(decoder.position).toBe(300);
  });

  it("allocates nothing and submits once, after the first", async () => {
    await decoder.draw?.(request({ rules: CLIMBING, state: Uint32Array.of(0) }));
    const { memoryBytes } = decoder.stepCost;
    const device = await sharedDevice();
    const { submit } = device.queue;
    let submits = 0;
    device.queue.submit = (buffers) => {
      submits++;
      submit.call(device.queue, buffers);
    };
    for (let i = 0; i < 5; i++)
      await decoder.draw?.(request({ rules: CLIMBING, state: Uint32Array.of(0), count: 12 }));
    device.queue.submit = submit;
    expect(submits).toBe(5);
    expect(decoder.stepCost.memoryBytes).toBe(memoryBytes);
  });
});

describe("a draw that cannot be", () => {
  it("is a failure of the device where logits are no numbers, if they are allowed", async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const weights = randomWeights(ARCHITECTURE, 1);
      const broken = await open(changed(weights, TENSOR.logits, (data) => data.fill(value, 0, 32)));
      // Row 0 of the output matrix: token 0 alone.
      const drawn = broken.draw!(request({ count: 3 }));
      await expect(drawn).rejects.toMatchObject({ name: "Failure", kind: "unavailable" });
      const state = everything.slice();
      state[0] = 0xfffffffe;
      broken.truncate(0);
      expect((await broken.draw!(request({ state, count: 3 }))).tokens).toHaveLength(3);
      broken.dispose();
    }
  });

  it("is our bug where nothing is allowed, or the request is out of range", async () => {
    const state = new Uint32Array(MASK_WORDS);
    await expect(decoder.draw?.(request({ state }))).rejects.toThrow(/allow no token/);
    for (const change of [
      { count: 0 },
      { count: MOST_DRAWN + 1 },
      { temperature: -1 },
      { topP: 0 },
      { topK: 0.5 },
      { minP: 1 },
      { ways: [] },
      { tokens: [] },
      { tokens: [V] },
      { state: new Uint32Array(1) },
    ])
      await expect(decoder.draw?.(request(change))).rejects.toThrow(AssertionError);
  });

  it("is rejected when the device is lost meanwhile", async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice({ requiredFeatures: ["subgroups"] });
    const weights = randomWeights(ARCHITECTURE, 1);
    const lost = await createWebgpuDecoder(weights, { prefixLength: 3, draws: true, device });
    await lost.draw?.(request({}));
    const underWay = lost.draw?.(request({ count: 30 }));
    device.destroy();
    await expect(underWay).rejects.toBeInstanceOf(DeviceLost);
    await expect(lost.draw?.(request({}))).rejects.toBeInstanceOf(Failure);
  });

  it("is not offered on an emulated adapter unasked, nor for absolute positions", async () => {
    const weights = randomWeights(ARCHITECTURE, 1);
    const unasked = await createWebgpuDecoder(weights, { prefixLength: 3 });
    expect(unasked.draw).toBeUndefined();
    unasked.dispose();
    const absolute = await open(randomWeights({ ...ARCHITECTURE, positions: "absolute" }, 1));
    expect(absolute.draw).toBeUndefined();
    absolute.dispose();
  });
});

function scaled(weights: Weights, name: string, factor: number): Weights {
  return changed(weights, name, (data) => {
    for (let i = 0; i < data.length; i++) data[i] *= factor;
  });
}

/** Random weights lie in memory in single precision, so a tensor is a view that can be written to. */
function changed(weights: Weights, name: string, change: (data: Float32Array) => void): Weights {
  change(weights.tensor(name).data);
  return weights;
}
