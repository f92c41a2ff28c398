import { describe, expect, it } from "vitest";
import { sentence } from "#base/remark.ts";
import { FakeSession, READY } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import { healthOf } from "./cadenza-machine.ts";

const textOf = (element: Element): string =>
  (element.textContent ?? "").replace(/\s+/g, " ").trim();

describe("cadenza-machine", () => {
  it("shows backend, rate and what lies ahead, and follows them", async () => {
    const session = new FakeSession();
    const { find, rendered } = await mount("cadenza-machine", { session });
    expect(textOf(find(".line"))).toBe("GPU 1.8× real time 4.1 s ahead");
    expect(find(".line").title).toContain("cadenza-jam, 12.4 million");
    expect(find(".line").title).toContain("214 tokens a second");
    session.set({ phase: "playing", backend: "wasm", rate: 30.6, ahead: 0.3 });
    await rendered();
    expect(textOf(find(".line"))).toBe("CPU 1.8× real time only 0.3 s ahead");
    expect(find<HTMLProgressElement>("progress").value).toBeCloseTo(0.3 / 4, 5);
    expect(find(".line").title).not.toContain("rut");
    expect(find(".line").title).not.toContain("nats");
    session.set({ escapes: 2, surprise: 61.4 });
    await rendered();
    expect(find(".line").title).toContain("led out of a rut 2 times");
    expect(find(".line").title).toContain("61 nats a bar");
  });

  it("says why the CPU composes, here and nowhere else", async () => {
    const model = { ...READY.model!, reasons: [sentence("WebGPU finds no graphics adapter.")] };
    const session = new FakeSession({ model, backend: "wasm" });
    const { find } = await mount("cadenza-machine", { session });
    expect(find(".backend").textContent).toBe("CPU");
    expect(find(".line").title).toContain("WebGPU finds no graphics adapter.");
    expect(find(".line").title).toContain("on wasm");
  });

  it("shows how far the weights are", async () => {
    const session = new FakeSession({
      phase: "loading",
      backend: undefined,
      loading: { loadedBytes: 30, totalBytes: 120 },
    });
    const { find } = await mount("cadenza-machine", { session });
    expect(textOf(find(".line"))).toBe("loading weights 25 %");
    expect(find<HTMLProgressElement>("progress").value).toBe(0.25);
  });

  it.each([
    ["good", { phase: "playing", ahead: 2 }],
    ["warning", { phase: "playing", ahead: 1.9 }],
    ["bad", { phase: "playing", ahead: 0.4 }],
    ["good", { phase: "ready", ahead: 0 }],
    ["warning", { phase: "gathering", ahead: 1 }],
    ["bad", { phase: "failed" }],
    ["idle", { phase: "loading" }],
  ] as const)("is %s when %j", (health, change) => {
    expect(healthOf({ ...READY, ...change })).toBe(health);
  });
});
