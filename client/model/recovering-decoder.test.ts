import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { BackendName, Decoder, DrawRequest } from "./decoder.ts";
import {
  type BackendsAdmitted,
  DrawUnavailable,
  openRecovering,
  type Recovered,
  type RecoveryOptions,
  recovering,
} from "./recovering-decoder.ts";
import { ReferenceDecoder } from "./reference/reference-decoder.ts";
import { ReferenceModel } from "./reference/reference-model.ts";
import { conditionsOf, SMALL_GROUPS } from "./testing/conditions-of.ts";
import { type Losable, losable } from "./testing/losable-decoder.ts";
import { randomWeights } from "./testing/random-weights.ts";
import { relativeError } from "./testing/tolerances.ts";
import { joinRuns } from "./token-run.ts";
import type { Architecture } from "./weights/manifest.ts";
import { endless } from "./window/context-window.ts";

const PREFIX = 3;
const CONTEXT = 24;
const architecture: Architecture = {
  vocabulary: 20,
  dim: 8,
  depth: 2,
  heads: 2,
  headDim: 4,
  feedForward: 8,
  contextLength: CONTEXT,
  positions: "rotary",
};
const rotary = randomWeights(architecture, 1);
const absolute = randomWeights({ ...architecture, positions: "absolute" }, 1);
const random = new Random(3);
const draw = (count: number) => Array.from({ length: count }, () => random.integer(20));

/** A machine with a GPU and a CPU, both the reference; `down` names what does not open at the moment. */
async function machine(weights = rotary, options: Partial<RecoveryOptions> = {}) {
  const opened: (Losable & { decoder: Decoder })[] = [];
  const asked: BackendsAdmitted[] = [];
  const down = new Set<BackendName>();
  const open = async (admitted: BackendsAdmitted) => {
    asked.push(admitted);
    const names = (["webgpu", "wasm"] as const).filter((name) =>
      "only" in admitted ? name === admitted.only : !admitted.except.includes(name),
    );
    const backend = names.find((name) => !down.has(name));
    if (backend === undefined) throw new Failure("unsupported", `No ${names} here.`);
    const one = losable(Object.assign(new ReferenceDecoder(weights, PREFIX, 8), { backend }));
    opened.push(one as Losable & { decoder: Decoder });
    return { decoder: one.decoder as Decoder, remarks: [] };
  };
  const decoder = await recovering(open, { prefixLength: PREFIX, pause: 0, ...options });
  const heard: Recovered[] = [];
  decoder.recovered.on((recovered) => heard.push(recovered));
  const newest = () => opened[opened.length - 1];
  return { decoder, opened, asked, down, heard, lose: () => newest().lose() };
}

/** Logits after `tokens` of a cache that was computed from the prefix and what begins at `from`. */
const oracle = (tokens: readonly number[], from = PREFIX, weights = rotary) =>
  new ReferenceModel(weights, PREFIX)
    .onePass([...tokens.slice(0, PREFIX), ...tokens.slice(from)])
    .at(-1)!;

describe("a decoder that recovers", () => {
  it("gives the same as one that was never lost, before it has rolled", async () => {
    const { decoder, opened, lose } = await machine();
    const tokens = draw(CONTEXT);
    for (const [at, token] of tokens.entries()) {
      // Also within the prefix, and twice in a row.
      if ([1, 4, 5, 15].includes(at)) lose();
      const logits = await decoder.decodeStep(token);
      expect(relativeError(logits, oracle(tokens.slice(0, at + 1)))).toBeLessThan(1e-6);
      expect(decoder.position).toBe(at + 1);
    }
    expect(opened.slice(0, -1).map(({ disposed }) => disposed)).toEqual(
      opened.slice(0, -1).map(() => 1),
    );
    expect(decoder.oldestPosition).toBe(0);
  });

  it("keeps positions after it rolled, computed from what it says, exact where nothing is left out", async () => {
    for (const refill of [CONTEXT, 2 * CONTEXT, 100]) {
      const { decoder, lose } = await machine(rotary, { refill });
      const tokens = draw(90);
      await decoder.prefill(tokens.slice(0, 70));
      lose();
      for (let at = 70; at < 90; at++) {
        const logits = await decoder.decodeStep(tokens[at]);
        const seen = tokens.slice(0, at + 1);
        expect(decoder.rememberedFrom).toBe(Math.max(PREFIX, 70 - refill));
        expect(relativeError(logits, oracle(seen, decoder.rememberedFrom))).toBeLessThan(1e-5);
        // Two layers: nothing counts that lies farther back than two windows.
        const unbroken = relativeError(logits, oracle(seen));
        if (refill >= 2 * CONTEXT) expect(unbroken).toBeLessThan(1e-5);
        else if (at === 70) expect(unbroken).toBeGreaterThan(1e-4);
        expect(decoder.position).toBe(at + 1);
      }
    }
  });

  it("truncates after a recovery as far as it says, with a whole window in sight", async () => {
    const { decoder, lose } = await machine();
    const tokens = draw(70);
    await decoder.prefill(tokens);
    lose();
    tokens.push(1);
    await decoder.decodeStep(1);
    expect(decoder.oldestPosition).toBeGreaterThan(60);
    for (const position of [70, 68, decoder.oldestPosition]) {
      decoder.truncate(position);
      tokens.splice(position, tokens.length, ...draw(2));
      const logits = await decoder.prefill(tokens.slice(position));
      expect(relativeError(logits, oracle(tokens, decoder.rememberedFrom))).toBeLessThan(1e-5);
      expect(position - decoder.rememberedFrom).toBeGreaterThanOrEqual(CONTEXT - PREFIX - 1);
    }
    expect(() => decoder.truncate(decoder.oldestPosition - 1)).toThrow(/out of reach/);
    for (const position of [PREFIX, 1, 0]) {
      decoder.truncate(position);
      tokens.splice(position, tokens.length, ...draw(5));
      const logits = await decoder.prefill(tokens.slice(position));
      expect(relativeError(logits, oracle(tokens))).toBeLessThan(1e-6);
    }
  });

  it("keeps a bounded history, and recovers from it", async () => {
    const { decoder, lose } = await machine();
    const tokens = draw(400);
    for (let at = 0; at < 400; at += 40) await decoder.prefill(tokens.slice(at, at + 40));
    lose();
    const logits = await decoder.decodeStep(5);
    expect(decoder.rememberedFrom).toBe(400 - CONTEXT);
    const expected = oracle([...tokens, 5], decoder.rememberedFrom);
    expect(relativeError(logits, expected)).toBeLessThan(1e-5);
  });

  it("recovers a model with absolute positions exactly, its window included", async () => {
    const { decoder, lose } = await machine(absolute, { losses: 100 });
    const whole = await machine(absolute);
    const options = { prefixLength: PREFIX, period: 3 };
    const [broken, unbroken] = [endless(decoder, options), endless(whole.decoder, options)];
    for (const [at, token] of draw(100).entries()) {
      if (at % 9 === 5) lose();
      const expected = await unbroken.decodeStep(token);
      expect(relativeError(await broken.decodeStep(token), expected)).toBeLessThan(1e-6);
    }
  });
});

describe("what it opens", () => {
  it("is the same backend first, and says so", async () => {
    const { decoder, asked, heard, lose } = await machine();
    await decoder.prefill([1, 2, 3, 4]);
    lose();
    await decoder.decodeStep(5);
    expect(asked).toEqual([{ except: [] }, { only: "webgpu" }]);
    expect(heard).toEqual([
      {
        backend: "webgpu",
        remark: remark("device-replaced", { backend: "webgpu" }),
      },
    ]);
  });

  it("is the next backend after the tries", async () => {
    const { decoder, asked, down, heard, lose } = await machine(rotary, { tries: 3 });
    await decoder.prefill([1, 2, 3, 4]);
    lose();
    down.add("webgpu");
    await decoder.decodeStep(5);
    const again = { only: "webgpu" };
    expect(asked.slice(1)).toEqual([again, again, again, { except: ["webgpu"] }]);
    expect(heard.map((told) => told.remark)).toEqual([
      remark("device-replaced", { backend: "wasm" }),
    ]);
    expect(decoder.backend).toBe("wasm");
  });

  it("is not what is lost again and again", async () => {
    const { decoder, lose } = await machine();
    await decoder.prefill([1, 2, 3]);
    const backends = [];
    for (let loss = 0; loss < 3; loss++) {
      lose();
      await decoder.decodeStep(loss);
      backends.push(decoder.backend);
    }
    expect(backends).toEqual(["webgpu", "webgpu", "wasm"]);
  });

  it("may be lost while it is being filled", async () => {
    const made: Losable[] = [];
    const decoder = await recovering(
      async () => {
        const one = losable(new ReferenceDecoder(rotary, PREFIX));
        if (made.length === 1) one.lose();
        made.push(one);
        return { decoder: one.decoder, remarks: [] };
      },
      { prefixLength: PREFIX, pause: 0 },
    );
    await decoder.prefill([1, 2, 3, 4]);
    made[0].lose();
    const logits = await decoder.decodeStep(5);
    expect(relativeError(logits, oracle([1, 2, 3, 4, 5]))).toBeLessThan(1e-6);
    expect(made.map(({ disposed }) => disposed)).toEqual([1, 1, 0]);
  });

  it("may be nothing: then the call fails with a remedy, and a later one tries again", async () => {
    const { decoder, down, lose } = await machine();
    await decoder.prefill([1, 2, 3, 4]);
    lose();
    down.add("webgpu").add("wasm");
    await expect(decoder.decodeStep(5)).rejects.toThrow(/^device-lost .*No wasm here/);
    await expect(decoder.decodeStep(5)).rejects.toBeInstanceOf(Failure);
    expect(decoder.position).toBe(4);
    expect(decoder.backend).toBe("webgpu");
    decoder.truncate(3);
    down.clear();
    const logits = await decoder.decodeStep(6);
    expect(relativeError(logits, oracle([1, 2, 3, 6]))).toBeLessThan(1e-6);
  });
});

describe("what is no loss", () => {
  it("goes out as it is: our own bugs, and refused tokens", async () => {
    const { decoder, asked } = await machine();
    await decoder.prefill([1, 2, 3]);
    await expect(decoder.decodeStep(20)).rejects.toThrow(/token 20/);
    expect(asked).toHaveLength(1);
    expect(decoder.position).toBe(3);
  });

  it("does not hide a bug in what is opened anew", async () => {
    const first = losable(new ReferenceDecoder(rotary, PREFIX));
    let opened = 0;
    const decoder = await recovering(
      async () => {
        if (opened++ > 0) throw new TypeError("bug");
        return { decoder: first.decoder, remarks: [] };
      },
      { prefixLength: PREFIX, pause: 0 },
    );
    first.lose();
    await expect(decoder.decodeStep(1)).rejects.toThrow(TypeError);
  });

  it("is to be disposed of while it recovers", async () => {
    const { decoder, opened, lose } = await machine();
    await decoder.prefill([1, 2, 3]);
    lose();
    const call = decoder.decodeStep(4);
    decoder.dispose();
    await expect(call).rejects.toThrow(/disposed/);
    await expect(decoder.decodeStep(4)).rejects.toThrow(/disposed/);
    expect(opened.every(({ disposed }) => disposed === 1)).toBe(true);
  });
});

it("hands a new device the conditions of what it refills", async () => {
  const weights = randomWeights({ ...architecture, conditions: SMALL_GROUPS }, 1);
  const given = (tokens: readonly number[]) => conditionsOf(weights.architecture, tokens);
  const { decoder, lose } = await machine(weights);
  const tokens = draw(20);
  const expected = new ReferenceModel(weights, PREFIX).onePass(tokens, given(tokens));
  await decoder.prefill(tokens.slice(0, 15), given(tokens.slice(0, 15)));
  for (let at = 15; at < 20; at++) {
    lose();
    const logits = await decoder.decodeStep(tokens[at], given([tokens[at]])?.[0]);
    expect(relativeError(logits, expected[at])).toBeLessThan(1e-6);
  }
});

describe("drawing where the logits are", () => {
  const conditioned = randomWeights({ ...architecture, conditions: SMALL_GROUPS }, 1);
  const given = (tokens: readonly number[]) => conditionsOf(conditioned.architecture, tokens)!;
  const run = (...tokens: number[]) => ({ tokens, conditions: given(tokens) });
  const request = (...tokens: number[]) =>
    ({ ...run(...tokens), count: 2 }) as unknown as DrawRequest;
  /** Draws what it is told; takes all of it but the last, as `Decoder.draw` says. */
  const drawing = (drawn: readonly number[] | undefined) => {
    const one = losable(new ReferenceDecoder(conditioned, PREFIX));
    const draw = async (asked: DrawRequest) => {
      const { tokens, conditions } = joinRuns(asked, run(...drawn!.slice(0, -1)));
      await one.decoder.prefill(tokens, conditions);
      return run(...drawn!);
    };
    if (drawn) Object.assign(one.decoder, { draw });
    return one;
  };

  it("is offered as long as it is there, and what was taken is remembered", async () => {
    const made = [drawing([7, 8]), drawing([9, 10]), drawing(undefined)];
    let opened = 0;
    const decoder = await recovering(
      async () => ({ decoder: made[opened++].decoder, remarks: [] }),
      {
        prefixLength: PREFIX,
        pause: 0,
      },
    );
    expect(await decoder.draw?.(request(1, 2, 3))).toEqual(run(7, 8));
    expect(decoder.position).toBe(4);
    made[0].lose();
    expect(await decoder.draw?.(request(8))).toEqual(run(9, 10));
    expect(decoder.position).toBe(6);
    made[1].lose();
    await expect(decoder.draw?.(request(10))).rejects.toBeInstanceOf(DrawUnavailable);
    expect(decoder.draw).toBeUndefined();
    expect(decoder.position).toBe(6);
    const logits = await decoder.prefill([10], given([10]));
    const whole = run(1, 2, 3, 7, 8, 9, 10);
    const [expected] = new ReferenceModel(conditioned, PREFIX)
      .onePass(whole.tokens, whole.conditions)
      .slice(-1);
    expect(relativeError(logits, expected)).toBeLessThan(1e-6);
  });
});

describe("openRecovering", () => {
  it("opens among the backends there are, the lost one against advice", async () => {
    const made: { name: string; one: Losable }[] = [];
    const backend = (name: "webgpu" | "wasm", reason?: Remark) => ({
      name,
      whyNot: async () => reason,
      make: async () => {
        const one = losable(Object.assign(new ReferenceDecoder(rotary, PREFIX), { backend: name }));
        made.push({ name, one });
        return one.decoder as Decoder;
      },
    });
    const backends = [backend("webgpu", remark("webgpu-emulated", {})), backend("wasm")];
    const options = { prefixLength: PREFIX, backends, pause: 0 };
    const advised = await openRecovering(rotary, options);
    expect([advised.backend, advised.remarks]).toEqual(["wasm", [remark("webgpu-emulated", {})]]);
    const preferred = await openRecovering(rotary, { ...options, prefer: "webgpu" });
    expect(preferred.backend).toBe("webgpu");
    for (let loss = 0; loss < 3; loss++) {
      made[made.length - 1].one.lose();
      await preferred.decodeStep(loss);
    }
    expect(made.map(({ name }) => name)).toEqual(["wasm", "webgpu", "webgpu", "webgpu", "wasm"]);
  });
});
