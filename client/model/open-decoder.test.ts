import { afterEach, describe, expect, it, vi } from "vitest";
import { Failure } from "#base/failure.ts";
import { remark, remarkKey, sentence } from "#base/remark.ts";
import { type DecoderBackend, openDecoder, whyNoGpu } from "./open-decoder.ts";
import { ReferenceDecoder } from "./reference/reference-decoder.ts";
import { randomWeights } from "./testing/random-weights.ts";

const weights = randomWeights(
  {
    vocabulary: 10,
    dim: 8,
    depth: 1,
    heads: 1,
    headDim: 8,
    feedForward: 8,
    contextLength: 16,
    positions: "rotary",
  },
  1,
);
const backend = (
  name: "webgpu" | "wasm",
  change: Partial<DecoderBackend> = {},
): DecoderBackend => ({
  name,
  whyNot: async () => undefined,
  make: async () => Object.assign(new ReferenceDecoder(weights, 3), { backend: name }),
  ...change,
});
const open = (backends: DecoderBackend[], prefer?: "webgpu" | "wasm") =>
  openDecoder(weights, { prefixLength: 3, backends, prefer });
const NO_GPU = remark("no-webgpu", {});

const failing = async () => {
  throw new Failure("unsupported", "The driver is too old; update it.");
};

describe("openDecoder", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("takes the first backend that nothing speaks against", async () => {
    const { decoder, remarks } = await open([backend("webgpu"), backend("wasm")]);
    expect(decoder.backend).toBe("webgpu");
    expect(remarks).toEqual([]);
  });

  it("goes on to the next with the reason, if one is missing or does not start", async () => {
    for (const change of [{ whyNot: async () => NO_GPU }, { make: failing }]) {
      const { decoder, remarks } = await open([backend("webgpu", change), backend("wasm")]);
      expect(decoder.backend).toBe("wasm");
      expect(remarks).toHaveLength(1);
      expect([NO_GPU, sentence("The driver is too old; update it.")]).toContainEqual(remarks[0]);
    }
  });

  it("tries what is preferred first, even against advice", async () => {
    const advised = backend("webgpu", { whyNot: async () => remark("webgpu-emulated", {}) });
    expect((await open([advised, backend("wasm")], "webgpu")).decoder.backend).toBe("webgpu");
    const { decoder, remarks } = await open([advised, backend("wasm")], "wasm");
    expect(decoder.backend).toBe("wasm");
    expect(remarks).toEqual([]);
  });

  it("throws all reasons when nothing runs, and does not hide our own bugs", async () => {
    const none = open([
      backend("webgpu", { whyNot: async () => NO_GPU }),
      backend("wasm", { make: failing }),
    ]);
    await expect(none).rejects.toThrow(/no-webgpu. The driver is too old/);
    await expect(none).rejects.toMatchObject({ kind: "unsupported" });
    const bug = backend("webgpu", { make: () => Promise.reject(new TypeError("bug")) });
    await expect(open([bug, backend("wasm")])).rejects.toThrow(TypeError);
  });

  it("runs on own WASM in Node and says why", async () => {
    const { decoder, remarks } = await openDecoder(weights, { prefixLength: 3 });
    expect(decoder.backend).toBe("wasm");
    expect(remarks).toEqual([NO_GPU]);
    expect(await decoder.prefill([1, 2, 3])).toHaveLength(10);
    decoder.dispose();
  });

  it("runs on tfjs where WASM has no SIMD, and says so", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValueOnce(false);
    const { decoder, remarks } = await openDecoder(weights, { prefixLength: 3 });
    expect(decoder.backend).toBe("tfjs");
    expect(remarks[1]).toEqual(remark("no-simd", {}));
    decoder.dispose();
  });

  it("runs on tfjs where own WASM was asked for and does not compile", async () => {
    const refuse = () => Promise.reject(new WebAssembly.CompileError("no SIMD"));
    vi.spyOn(WebAssembly, "instantiate").mockImplementationOnce(refuse);
    const { decoder, remarks } = await openDecoder(weights, { prefixLength: 3, prefer: "wasm" });
    expect(decoder.backend).toBe("tfjs");
    expect(remarks[0].code).toBe("sentence");
    expect(remarkKey(remarks[0])).toMatch(/SIMD does not start here; use a browser/);
    decoder.dispose();
  });
});

describe("whyNoGpu", () => {
  const gpu = (info: object | undefined) =>
    ({ requestAdapter: async () => (info ? { info } : null) }) as unknown as GPU;
  it.each([
    ["no WebGPU", undefined, "no-webgpu"],
    ["no adapter", gpu(undefined), "no-graphics-adapter"],
    ["SwiftShader", gpu({ vendor: "google", architecture: "swiftshader" }), "webgpu-emulated"],
    ["a fallback adapter", gpu({ isFallbackAdapter: true }), "webgpu-emulated"],
  ])("%s", async (_, given, code) => expect((await whyNoGpu(given))?.code).toBe(code));

  it("nothing speaks against a real GPU", async () => {
    expect(await whyNoGpu(gpu({ vendor: "apple", architecture: "metal-3" }))).toBeUndefined();
  });
});
