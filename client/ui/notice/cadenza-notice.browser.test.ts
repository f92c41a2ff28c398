import { afterEach, describe, expect, it, vi } from "vitest";
import { mount } from "../testing/mount.ts";
import type { CadenzaNotice } from "./cadenza-notice.ts";
import "./cadenza-notice.ts";

afterEach(() => {
  vi.useRealTimers();
});

const cards = (element: CadenzaNotice, role: string): string[] =>
  [...element.shadowRoot!.querySelectorAll(`[role=${role}] .card`)].map((card) =>
    (card.textContent ?? "").trim(),
  );

describe("cadenza-notice", () => {
  it("puts failures before a screen reader at once and remarks in their turn", async () => {
    const { element, rendered } = await mount("cadenza-notice", {
      message: "The port is gone.",
      notices: ["No WebGPU: the CPU composes."],
    });
    expect(cards(element, "alert")).toEqual([]);
    expect(cards(element, "status")).toEqual(["The port is gone.", "No WebGPU: the CPU composes."]);
    element.failed = true;
    await rendered();
    expect(cards(element, "alert")).toEqual(["The port is gone."]);
  });

  it("keeps what was put away out of sight until other words come", async () => {
    const { element, find, rendered } = await mount("cadenza-notice", {
      notices: ["One.", "Two."],
    });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    element.notices = ["One.", "Two."];
    await rendered();
    expect(cards(element, "status")).toEqual(["Two."]);
    element.notices = ["One again."];
    await rendered();
    expect(cards(element, "status")).toEqual(["One again."]);
  });

  it("shows a remark again that was put away, taken back and is true once more", async () => {
    const { element, find, rendered } = await mount("cadenza-notice", { notices: ["One."] });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    for (const notices of [[], ["One."]]) {
      element.notices = notices;
      await rendered();
      expect(cards(element, "status")).toEqual(notices);
    }
  });

  it("shows an error told twice once, and again after it was put away", async () => {
    const { element, find, rendered } = await mount("cadenza-notice");
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
    const { element } = await mount("cadenza-notice");
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
