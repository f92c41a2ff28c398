import { afterEach, describe, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { sentence } from "#base/remark.ts";
import { type Mounted, mount } from "../testing/mount.ts";
import type { CadenzaRemarks } from "./cadenza-remarks.ts";
import "./cadenza-remarks.ts";

afterEach(() => {
  vi.useRealTimers();
});

const told = ({ shadowRoot }: CadenzaRemarks, role: string): string[] =>
  [...shadowRoot!.querySelectorAll(`[role=${role}] p`)].map((text) => text.textContent ?? "");

const line = ({ find }: Mounted<CadenzaRemarks>): string =>
  (find(".headline").textContent ?? "").replace(/\s+/g, " ").trim();

const isEmpty = ({ element }: Mounted<CadenzaRemarks>): boolean =>
  element.shadowRoot!.querySelector(".line") === null;

describe("cadenza-remarks", () => {
  it("puts failures before a screen reader at once and remarks in their turn", async () => {
    const mounted = await mount("cadenza-remarks", {
      message: sentence("The port is gone."),
      remarks: [sentence("The band plays fewer notes.")],
    });
    const { element, rendered } = mounted;
    expect(told(element, "alert")).toEqual([]);
    expect(told(element, "status")).toEqual(["The port is gone.", "The band plays fewer notes."]);
    element.failed = true;
    await rendered();
    expect(told(element, "alert")).toEqual(["The port is gone."]);
    expect(line(mounted)).toBe("The port is gone. +1");
  });

  it("says everything in one line of one height, and opens into the list", async () => {
    const mounted = await mount("cadenza-remarks", {}, "width: 320px");
    const { element, find, rendered } = mounted;
    const { height } = element.getBoundingClientRect();
    element.remarks = Array.from({ length: 13 }, (_, n) =>
      sentence(`Remark ${n} is a rather long one.`),
    );
    element.tell(
      sentence("It broke, and that is the most urgent of all there is to say."),
      "error",
    );
    await rendered();
    expect(element.getBoundingClientRect().height).toBe(height);
    expect(line(mounted)).toContain("It broke");
    expect(line(mounted)).toContain("+13");
    await userEvent.click(find(".headline"));
    expect(element.shadowRoot!.querySelectorAll("li")).toHaveLength(14);
    find<HTMLElement>("li button").focus();
    await userEvent.keyboard("{Escape}");
    expect(find(".headline").getAttribute("aria-expanded")).toBe("false");
    expect(element.getBoundingClientRect().height).toBe(height);
  });

  it("keeps what was put away out of sight until other words come", async () => {
    const { element, find, rendered } = await mount("cadenza-remarks", {
      remarks: [sentence("One."), sentence("Two.")],
    });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    element.remarks = [sentence("One."), sentence("Two.")];
    await rendered();
    expect(told(element, "status")).toEqual(["Two."]);
    element.remarks = [sentence("One again.")];
    await rendered();
    expect(told(element, "status")).toEqual(["One again."]);
  });

  it("remembers over a reload what was put away", async () => {
    let kept: readonly string[] | undefined;
    const memory = {
      read: () => kept,
      write: (value: readonly string[]) => {
        kept = value;
      },
    };
    const { find } = await mount("cadenza-remarks", {
      memory,
      remarks: [sentence("One."), sentence("Two.")],
    });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    const again = await mount("cadenza-remarks", {
      memory,
      remarks: [sentence("One."), sentence("Two.")],
    });
    expect(told(again.element, "status")).toEqual(["Two."]);
  });

  it("shows a remark again that was put away, taken back and is true once more", async () => {
    const { element, find, rendered } = await mount("cadenza-remarks", {
      remarks: [sentence("One.")],
    });
    find<HTMLButtonElement>("button[aria-label='Put away: One.']").click();
    for (const remarks of [[], ["One."]]) {
      element.remarks = remarks.map(sentence);
      await rendered();
      expect(told(element, "status")).toEqual(remarks);
    }
  });

  it("shows an error told twice once, and again after it was put away", async () => {
    const mounted = await mount("cadenza-remarks");
    const { element, find, rendered } = mounted;
    element.tell(sentence("It broke."), "error");
    element.tell(sentence("It broke."), "error");
    await rendered();
    expect(told(element, "alert")).toEqual(["It broke."]);
    find<HTMLButtonElement>(".away").click();
    await rendered();
    expect(isEmpty(mounted)).toBe(true);
    element.tell(sentence("It broke."), "error");
    await rendered();
    expect(told(element, "alert")).toEqual(["It broke."]);
  });

  it("shows the newest hint before all else, for a while", async () => {
    const mounted = await mount("cadenza-remarks", { remarks: [sentence("One.")] });
    const { element } = mounted;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    element.tell(sentence("First."), "hint");
    element.tell(sentence("Second."), "hint");
    await element.updateComplete;
    expect(line(mounted)).toBe("Second. +1");
    vi.advanceTimersByTime(8000);
    await element.updateComplete;
    expect(line(mounted)).toBe("One.");
  });
});
