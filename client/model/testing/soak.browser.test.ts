import { expect, it } from "vitest";
import { soakWebgpu } from "./webgpu-soak.ts";

/** A tenth of the long soak (soak.browser.slow.test.ts), of the kind of model that ships, in which all that is asked below happens. */
const STEPS = 1200;

it("a soak of own kernels, with conditions in int8: right over lost devices, and no buffer is left behind", async () => {
  const report = await soakWebgpu("conditioned rotary", "int8", STEPS);
  expect(report.buffers).toBe(0);
  expect(report.losses).toBeGreaterThanOrEqual(2);
  expect(report.checks).toBeGreaterThan(30);
  expect(report.changes).toBeGreaterThan(3);
  expect(report.otherDraws).toBeLessThanOrEqual(report.checks / 100);
});
