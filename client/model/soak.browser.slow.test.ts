import { expect, it } from "vitest";
import { soakWebgpu } from "./testing/webgpu-soak.ts";

/** As many as on the CPU (soak.slow.test.ts). */
const STEPS = 20_000;

it.each(["rotary", "absolute"] as const)(
  "a soak of own kernels, %s: right over lost devices, and no buffer is left behind",
  async (positions) => {
    const report = await soakWebgpu(positions, STEPS);
    console.info(`own webgpu, ${positions}: ${JSON.stringify(report)}`);
    expect(report.buffers).toBe(0);
    expect(report.losses).toBeGreaterThanOrEqual(30);
    expect(report.checks).toBeGreaterThan(300);
    expect(report.otherDraws).toBe(0);
  },
);
