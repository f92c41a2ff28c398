import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import type { Decoder } from "./decoder.ts";
import { openEndless } from "./open-endless.ts";
import { ReferenceDecoder } from "./reference/reference-decoder.ts";
import { type Losable, losable } from "./testing/losable-decoder.ts";
import { randomWeights } from "./testing/random-weights.ts";
import { relativeError } from "./testing/tolerances.ts";

const weightsOf = (positions: "absolute" | "rotary") =>
  randomWeights(
    {
      vocabulary: 20,
      dim: 8,
      depth: 1,
      heads: 2,
      headDim: 4,
      feedForward: 8,
      contextLength: 24,
      positions,
    },
    1,
  );

/** Opens on a machine whose GPU and CPU are the reference; at most `room` decoders fit. */
async function open(positions: "absolute" | "rotary", room = 9) {
  const weights = weightsOf(positions);
  const made: Losable[] = [];
  const backend = (name: "webgpu" | "wasm") => ({
    name,
    whyNot: async () => undefined,
    make: async () => {
      if (made.length >= room) throw new Failure("unavailable", `The ${name} has no memory left.`);
      const one = losable(Object.assign(new ReferenceDecoder(weights, 3), { backend: name }));
      made.push(one);
      return one.decoder as Decoder;
    },
  });
  const heard: string[] = [];
  const opening = openEndless(weights, {
    prefixLength: 3,
    period: 3,
    pause: 0,
    backends: [backend("webgpu"), backend("wasm")],
    onRecovered: ({ remark }) => heard.push(remark.code),
  });
  return { opening, made, heard };
}

describe("openEndless", () => {
  it("opens one decoder where it rolls, two where the window has to be refilled", async () => {
    for (const [positions, count] of [
      ["rotary", 1],
      ["absolute", 2],
    ] as const) {
      const { opening, made } = await open(positions);
      const { decoder } = await opening;
      expect(made).toHaveLength(count);
      decoder.dispose();
      expect(made.map(({ disposed }) => disposed)).toEqual(made.map(() => 1));
    }
  });

  it("plays on past the context and over losses of both decoders, and tells of each", async () => {
    const { opening, made, heard } = await open("absolute");
    const whole = await open("absolute");
    const [broken, unbroken] = [(await opening).decoder, (await whole.opening).decoder];
    for (let at = 0; at < 80; at++) {
      if (at === 41) for (const one of made) one.lose();
      const token = (at * 7) % 20;
      const expected = await unbroken.decodeStep(token);
      expect(relativeError(await broken.decodeStep(token), expected)).toBeLessThan(1e-6);
    }
    expect(heard).toHaveLength(2);
  });

  it("keeps nothing where the second does not fit", async () => {
    const { opening, made } = await open("absolute", 1);
    await expect(opening).rejects.toThrow(/no memory left/);
    expect(made[0].disposed).toBe(1);
  });
});
