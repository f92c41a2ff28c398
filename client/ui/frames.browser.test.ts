import { afterEach, describe, expect, it, vi } from "vitest";
import { framesRunning, onFrame } from "./frames.ts";
import { frame } from "./testing/mount.ts";

afterEach(() => {
  vi.restoreAllMocks();
  document.dispatchEvent(new Event("visibilitychange"));
});

describe("frames", () => {
  it("runs while somebody listens, and not a frame longer", async () => {
    let calls = 0;
    const stop = onFrame(() => calls++);
    await frame();
    await frame();
    expect(calls).toBeGreaterThanOrEqual(2);
    stop();
    const before = calls;
    await frame();
    await frame();
    expect(calls).toBe(before);
    expect(framesRunning()).toBe(false);
  });

  it("rests while the page is hidden and goes on afterwards", async () => {
    let calls = 0;
    const stop = onFrame(() => calls++);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(framesRunning()).toBe(false);
    await frame();
    expect(calls).toBe(0);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    await frame();
    expect(calls).toBeGreaterThan(0);
    stop();
  });
});
