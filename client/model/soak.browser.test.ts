import { expect, it } from "vitest";
import { soakWebgpu } from "./testing/webgpu-soak.ts";

/** A tenth of the long soak (soak.browser.slow.test.ts): a step on an emulated GPU takes milliseconds. */
const STEPS = 2000;

it.each(["rotary", "absolute"] as const)(
  "a soak of own kernels, %s: right over lost devices, and no buffer is left behind",
  async (positions) => {
    const report = await soakWebgpu(positions, STEPS);
    expect(report.buffers).toBe(0);
    expect(report.losses).toBeGreaterThanOrEqual(3);
    expect(report.checks).toBeGreaterThan(30);
    expect(report.otherDraws).toBe(0);
  },
);
