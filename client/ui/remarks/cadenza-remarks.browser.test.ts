import { afterEach, describe, expect, it, vi } from "vitest";
import { mount } from "../testing/mount.ts";
import type { CadenzaRemarks } from "./cadenza-remarks.ts";
import "./cadenza-remarks.ts";

afterEach(() => {
  vi.useRealTimers();
});

const cards = (element: CadenzaRemarks, role: string): string[] =>
  [...element.shadowRoot!.querySelectorAll(`[role=${role}] .card`)].map((card) =>
    (card.textContent ?? "").trim(),
  );

describe("cadenza-remarks", () => {
  it("puts failures before a screen reader at once and remarks in their turn", async () => {
    const { element, rendered } = await mount("cadenza-remarks", {
      message: "The port is gone.",
      remarks: ["No WebGPU: the CPU composes."],
    });
    expect(cards(element, "alert")).toEqual([]);
    expect(cards(element, "status")).toEqual(["The port is gone.", "No WebGPU: the CPU composes."]);
    element.failed = true;
    await rendered();
    expect(cards(element, "alert")).toEqual(["The port is gone."]);
  });

  it("keeps what was put away out of sight until other words come", async () => {
    const { element, find, rendered } = await mount("cadenza-remarks", {
      remarks: ["One.", "Two."],
    });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    element.remarks = ["One.", "Two."];
    await rendered();
    expect(cards(element, "status")).toEqual(["Two."]);
    element.remarks = ["One again."];
    await rendered();
    expect(cards(element, "status")).toEqual(["One again."]);
  });

  it("shows a remark again that was put away, taken back and is true once more", async () => {
    const { element, find, rendered } = await mount("cadenza-remarks", { remarks: ["One."] });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    for (const remarks of [[], ["One."]]) {
      element.remarks = remarks;
      await rendered();
      expect(cards(element, "status")).toEqual(remarks);
    }
  });

  it("shows an error told twice once, and again after it was put away", async () => {
    const { element, find, rendered } = await mount("cadenza-remarks");
    element.tell("It broke.", "error");
    element.tell("It broke.", "error");
    await rendered();
    expect(cards(element, "alert")).toEqual(["It broke."]);
    find<HTMLButtonElement>("button").click();
    await rendered();
    expect(cards(element, "alert")).toEqual([]);
    element.tell("It broke.", "error");
    await rendered();
    expect(cards(element, "alert")).toEqual(["It broke."]);
  });

  it("shows the newest hint, for a while", async () => {
    const { element } = await mount("cadenza-remarks");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    element.tell("First.", "hint");
    element.tell("Second.", "hint");
    await element.updateComplete;
    expect(cards(element, "status")).toEqual(["Second."]);
    vi.advanceTimersByTime(8000);
    await element.updateComplete;
    expect(cards(element, "status")).toEqual([]);
  });
});
