import { describe, expect, it } from "vitest";
import type { ContextReport, DecoderReport, PlaceReport } from "./decode-plan.ts";
import { verdicts } from "./verdict.ts";

const at = (position: number, p50: number, p95 = p50): ContextReport => ({
  min: p50,
  p50,
  p95,
  max: p95,
  count: 10,
  position,
});

const decoder = (name: string, step: DecoderReport["step"]): DecoderReport => ({
  decoder: name,
  model: "design",
  error: 1e-6,
  tolerance: 1e-4,
  open: 0,
  firstToken: 0,
  step,
  prefill: { tokens: 256, milliseconds: 1 },
  weightBytes: 100,
  deviceBytes: 0,
  wasmBytes: 0,
});

const place = (...decoders: DecoderReport[]): PlaceReport => {
  const limits = [{ on: "cpu" as const, bytes: 100, time: at(0, 2) }];
  const left = [{ decoder: "ort webgpu f32", why: "there is none" }];
  const models = [{ model: "design" as const, decoders, limits, batches: [], left }];
  return { place: "node", adapter: "none", models };
};

const metOf = (...decoders: DecoderReport[]) =>
  verdicts([place(...decoders)]).map(({ met }) => met);

describe("verdicts", () => {
  it("compare at the farthest context that both reached, with the fastest of a kind", () => {
    const found = verdicts([
      place(
        decoder("own wasm int8", { "64": at(64, 2), "500": at(500, 4) }),
        decoder("ort wasm f32", { "64": at(64, 3), "500": at(500, 9) }),
        decoder("ort wasm int8", { "64": at(64, 9), "500": at(500, 8) }),
        decoder("tfjs wasm", { "64": at(64, 5) }),
      ),
    ]);
    const ratio = (bar: string) => found.find((each) => each.bar.startsWith(bar))?.value;
    expect(ratio("ort wasm int8 over own wasm int8, a token at 500")).toBe(2);
    expect(ratio("tfjs wasm over own wasm int8, a token at 64")).toBe(2.5);
  });

  it("tell what is met from what is missed", () => {
    const far = (p50: number, twin: number) => ({ ...at(5000, p50), twin: at(500, twin) });
    const good = decoder("own wasm int8", { "500": at(500, 4, 7), far: far(4.6, 4.3) });
    const bad = decoder("own wasm int8", { "500": at(500, 6, 12), far: far(6.7, 6) });
    expect(metOf(good)).toEqual([true, true, true, true]);
    expect(metOf(bad)).toEqual([false, false, false, true]);
  });

  it("call a bar missed that could not be measured", () => {
    const found = verdicts([
      place(
        decoder("own webgpu f32", {
          "500": at(500, 4),
          far: { ...at(1200, 4), twin: at(500, 4) },
        }),
        decoder("own wasm int8", { "500": at(500, 4) }),
      ),
    ]);
    const open = found.filter(({ value }) => value === undefined);
    expect(open.map(({ bar, met }) => [bar, met])).toEqual([
      ["ort webgpu f32 over own webgpu f32 (there is none)", false],
      ["ort webgpu over own webgpu (there is none)", false],
      [
        "own webgpu f32, step 5000 over step before the window is full, times (only 1200 reached)",
        false,
      ],
      ["own wasm int8, step 5000 over step before the window is full, times", false],
    ]);
  });
});
