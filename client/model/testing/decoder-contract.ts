/**
 * What every decoder must do, as one suite: `decoderContract(name, make, folder)` registers it, in Node and
 * in Chromium alike. The golden models come from PyTorch; beyond their context, where PyTorch has no
 * rolling cache, the reference is the judge.
 */
import { afterEach, describe, expect, it } from "vitest";
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import type { Decoder } from "#model/decoder.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import type { ByteSource } from "#model/weights/byte-source.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import type { Weights } from "#model/weights/weights.ts";
import { sliceRun, type TokenConditions, type TokenRun } from "../token-run.ts";
import { conditionsOf } from "./conditions-of.ts";
import { F32_RELATIVE_ERROR, relativeError } from "./tolerances.ts";

/** Makes the decoder under test; `slack` as in `KvLayout`. */
export type MakeDecoder = (
  weights: Weights,
  options: { prefixLength: number; slack: number },
) => Promise<Decoder>;

/** Opens a folder of testdata by name. */
export type OpenTestdata = (folder: string) => ByteSource;

/** The folders of testdata that every decoder is held against. */
export const GOLDEN_FOLDERS = [
  "golden-absolute",
  "golden-absolute-biases",
  "golden-rotary",
  "golden-rotary-f16",
  "golden-rotary-int8",
  "golden-conditioned",
  "golden-conditioned-f16",
  "golden-conditioned-int8",
] as const;

/** A folder of them. */
export type GoldenFolder = (typeof GOLDEN_FOLDERS)[number];

/**
 * One of each architecture: with biases and without, with conditions and without, both kinds of positions. Enough
 * where a suite over all of them runs elsewhere: formats of a file are the loader's and that suite's business.
 */
export const GOLDEN_ARCHITECTURES = [
  "golden-absolute-biases",
  "golden-rotary",
  "golden-conditioned",
] as const satisfies readonly GoldenFolder[];

/** Those that stop at the end of their context, and those that roll, in single precision. */
const STOPPING: readonly GoldenFolder[] = ["golden-absolute", "golden-absolute-biases"];
const ROLLING: readonly GoldenFolder[] = ["golden-rotary", "golden-conditioned"];

const PREFIX = 3;
const SLACK = 8;

/** What may differ between backends. */
export interface ContractOptions {
  /** Relative to the largest logit of a row. */
  readonly tolerance?: number;
  /** Most single steps in a row; fewer where a step is slow, the rest is prefilled. */
  readonly steps?: number;
  /** Those held against, at least one that stops and one that rolls in single precision; by default all. */
  readonly folders?: readonly GoldenFolder[];
  /**
   * Whether cuts, truncation and refusals are tried too, as by default. They are the decoder's own, and need no second
   * trial where only its kernels are others.
   */
  readonly bookkeeping?: boolean;
  /** What the decoder agrees with, where that is not PyTorch and `ReferenceModel`. */
  readonly oracle?: (weights: Weights, prefixLength: number) => Oracle;
}

/** Logits after every token of a sequence, (T, V). */
export interface Oracle {
  onePass(tokens: readonly number[], conditions?: readonly TokenConditions[]): ArrayLike<number>[];
}

/** Registers the suite. */
export function decoderContract(
  name: string,
  make: MakeDecoder,
  open: OpenTestdata,
  options: ContractOptions = {},
): void {
  const { tolerance = F32_RELATIVE_ERROR, steps = Number.POSITIVE_INFINITY } = options;
  const { folders = GOLDEN_FOLDERS, bookkeeping = true } = options;
  const stopping = STOPPING.find((folder) => folders.includes(folder));
  const rolling = ROLLING.filter((folder) => folders.includes(folder));
  assert(stopping !== undefined && rolling.length > 0, `${name}: nothing stops, or nothing rolls`);
  const makeOracle =
    options.oracle ?? ((weights, prefixLength) => new ReferenceModel(weights, prefixLength));
  let decoder: Decoder | undefined;
  afterEach(() => {
    decoder?.dispose();
    decoder = undefined;
  });
  const start = async (folder: string) => {
    const { weights } = await loadModel(open(folder));
    const made = await make(weights, { prefixLength: PREFIX, slack: SLACK });
    decoder = made;
    const random = new Random(7);
    const { architecture } = weights;
    const { vocabulary } = architecture;
    const draw = (count: number) => Array.from({ length: count }, () => random.integer(vocabulary));
    const given = (tokens: readonly number[]) => conditionsOf(architecture, tokens);
    const prefill = (tokens: readonly number[]) => made.prefill(tokens, given(tokens));
    const step = (token: number) => made.decodeStep(token, given([token])?.[0]);
    const model = makeOracle(weights, PREFIX);
    const oracle = (tokens: readonly number[]) => model.onePass(tokens, given(tokens));
    return { decoder: made, architecture, draw, prefill, step, model, oracle };
  };
  const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>) =>
    expect(relativeError(actual, expected)).toBeLessThan(tolerance);

  describe.each(folders)(`${name}: %s`, (folder) => {
    const whose = options.oracle ? "its oracle's" : "PyTorch's";
    it(`gives ${whose} logits token by token, and in one pass`, async () => {
      const golden = await readGolden(open(folder));
      const { decoder, model } = await start(folder);
      const expected = options.oracle
        ? model.onePass(golden.tokens, golden.conditions)
        : golden.logits;
      for (const [i, token] of golden.tokens.slice(0, steps).entries())
        expectClose(await decoder.decodeStep(token, golden.conditions?.[i]), expected[i]);
      decoder.truncate(0);
      for (const length of [1, 2, 5, golden.tokens.length]) {
        decoder.truncate(0);
        const { tokens, conditions } = sliceRun(golden, 0, length);
        expectClose(await decoder.prefill(tokens, conditions), expected[length - 1]);
      }
    });

    if (!bookkeeping) return;

    it("gives the same whether a prefill comes at once or in pieces", async () => {
      const { decoder, draw, prefill, oracle } = await start(folder);
      const tokens = draw(30);
      const expected = oracle(tokens);
      for (const cuts of [[1, 2, 3], [2, 17], [10, 11, 25], [29]]) {
        decoder.truncate(0);
        let from = 0;
        for (const to of [...cuts, tokens.length]) {
          expectClose(await prefill(tokens.slice(from, to)), expected[to - 1]);
          from = to;
        }
        expect(decoder.position).toBe(tokens.length);
      }
    });

    it("truncates exactly: other tokens after it give what a fresh decoder gives", async () => {
      const { decoder, draw, prefill, oracle } = await start(folder);
      const tokens = draw(28);
      await prefill(tokens);
      for (const position of [27, 20, 4, 3, 2, 1, 0]) {
        decoder.truncate(position);
        expect(decoder.position).toBe(position);
        tokens.splice(position, tokens.length, ...draw(3));
        const logits = await prefill(tokens.slice(position));
        expectClose(logits, oracle(tokens)[tokens.length - 1]);
      }
    });

    it("refuses tokens outside the vocabulary and truncation forward", async () => {
      const { decoder, architecture, prefill, step } = await start(folder);
      await prefill([1, 2, 3]);
      await expect(step(architecture.vocabulary)).rejects.toThrow(/token/);
      await expect(prefill([1, -1])).rejects.toThrow(/token/);
      await expect(prefill([])).rejects.toThrow(/at least one/);
      expect(decoder.position).toBe(3);
      expect(() => decoder.truncate(4)).toThrow(/truncate/);
    });

    it("refuses conditions that are not those of the model", async () => {
      const { decoder, architecture, prefill } = await start(folder);
      await prefill([1, 2, 3]);
      const groups = architecture.conditions;
      const [right] = conditionsOf(architecture, [1]) ?? [];
      if (!groups || !right) await expect(decoder.decodeStep(1, [0])).rejects.toThrow(/without/);
      else {
        await expect(decoder.decodeStep(1)).rejects.toThrow(/needs the conditions/);
        await expect(decoder.prefill([1, 2], [right])).rejects.toThrow(/of 1 tokens, expected 2/);
        await expect(decoder.decodeStep(1, right.slice(1))).rejects.toThrow(/conditions, expected/);
        for (const wrong of [-1, 0.5, groups[0].rows])
          await expect(decoder.decodeStep(1, right.with(0, wrong))).rejects.toThrow(/condition/);
      }
      expect(decoder.position).toBe(3);
    });
  });

  it.each(rolling)(`${name}: %s rolls on past its context, the prefix pinned`, async (folder) => {
    const { draw, prefill, step, oracle } = await start(folder);
    const tokens = draw(120);
    const expected = oracle(tokens);
    // Single steps across the place where it starts to roll, at 32.
    const from = Math.max(0, 30 - steps / 2);
    const to = Math.min(60, from + steps);
    if (from > 0) expectClose(await prefill(tokens.slice(0, from)), expected[from - 1]);
    for (let at = from; at < to; at++) expectClose(await step(tokens[at]), expected[at]);
    if (to < 60) expectClose(await prefill(tokens.slice(to, 60)), expected[59]);
    // Pieces longer than the slack, crossing the end of the ring.
    expectClose(await prefill(tokens.slice(60, 90)), expected[89]);
    expectClose(await prefill(tokens.slice(90)), expected[119]);
  });

  if (!bookkeeping) return;

  it(`${name}: an absolute model stops at the end of its context`, async () => {
    const { decoder, draw, prefill, step } = await start(stopping);
    await prefill(draw(decoder.architecture.contextLength));
    await expect(step(1)).rejects.toThrow(/context/);
    decoder.truncate(decoder.position - 1);
    await step(1);
  });

  it.each(rolling)(`${name}: %s rolls in one long prefill too`, async (folder) => {
    const { draw, prefill, oracle } = await start(folder);
    const tokens = draw(100);
    expectClose(await prefill(tokens), oracle(tokens)[99]);
  });

  it.each(rolling)(`${name}: %s rolled truncates exactly, as far as it says`, async (folder) => {
    const { decoder, draw, prefill, oracle } = await start(folder);
    const tokens = draw(80);
    await prefill(tokens);
    expect(decoder.oldestPosition).toBeLessThanOrEqual(80 - SLACK);
    for (const back of [1, SLACK, SLACK, 2]) {
      const position = Math.max(decoder.oldestPosition, tokens.length - back);
      decoder.truncate(position);
      tokens.splice(position, tokens.length, ...draw(2));
      const logits = await prefill(tokens.slice(position));
      expectClose(logits, oracle(tokens)[tokens.length - 1]);
    }
    expect(() => decoder.truncate(decoder.oldestPosition - 1)).toThrow(/out of reach/);
    decoder.truncate(0);
    tokens.splice(0, tokens.length, ...draw(40));
    expectClose(await prefill(tokens), oracle(tokens)[39]);
  });
}

/** The tokens, with their conditions, and PyTorch's logits of a golden folder. */
export async function readGolden(
  source: ByteSource,
): Promise<TokenRun & { tokens: number[]; logits: number[][] }> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.read("golden.json", new AbortController().signal))
    pieces.push(piece);
  return JSON.parse(await new Blob(pieces as BlobPart[]).text());
}
