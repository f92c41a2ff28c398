import { expect, it } from "vitest";
import { soakWebgpu } from "./webgpu-soak.ts";

/**
 * A tenth of the long soak (soak.browser.slow.test.ts), in which all that is asked below happens; the models and formats
 * that it leaves out, so that both kinds of positions are soaked in both formats, with conditions and without.
 */
const STEPS = 1200;

it.each([
  ["rotary", "f32"],
  ["conditioned rotary", "int8"],
  ["conditioned absolute", "f32"],
] as const)(
  "a soak of own kernels, %s in %s: right over lost devices, and no buffer is left behind",
  async (model, format) => {
    const report = await soakWebgpu(model, format, STEPS);
    expect(report.buffers).toBe(0);
    expect(report.losses).toBeGreaterThanOrEqual(2);
    expect(report.checks).toBeGreaterThan(30);
    expect(report.changes).toBeGreaterThan(3);
    expect(report.otherDraws).toBeLessThanOrEqual(report.checks / 100);
  },
);
