import { expect, it } from "vitest";
import { soakWebgpu } from "./webgpu-soak.ts";

/** Three for five on the CPU (soak.slow.test.ts): compiling anew for each lost device takes seconds. */
const STEPS = 12_000;

it.each([
  ["rotary", "int8"],
  ["absolute", "int8"],
  ["conditioned rotary", "f32"],
  ["conditioned absolute", "f32"],
] as const)(
  "a soak of own kernels, %s in %s: right over lost devices, and no buffer is left behind",
  async (model, format) => {
    const report = await soakWebgpu(model, format, STEPS);
    console.info(`own webgpu, ${model} in ${format}: ${JSON.stringify(report)}`);
    expect(report.buffers).toBe(0);
    expect(report.losses).toBeGreaterThanOrEqual(10);
    expect(report.checks).toBeGreaterThan(300);
    expect(report.changes).toBeGreaterThan(30);
    expect(report.otherDraws).toBeLessThanOrEqual(report.checks / 100);
  },
);
