import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { Banks } from "#engine/jam/banks.ts";
import { withControls } from "#engine/jam/performance.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { ScenesLike } from "../surface-model.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import "./cadenza-banks.ts";

const SCENES: ScenesLike = {
  names: [
    { id: "bossa", name: "Bossa nova" },
    { id: "broken", name: "Broken" },
  ],
  performance: async (id, now) => {
    if (id === "broken") throw new Failure("unreadable", "This scene cannot be played.");
    return withControls(now, { tempo: 128 });
  },
};

async function banksOf() {
  const session = new FakeSession();
  const banks = new Banks();
  const mounted = await mount("cadenza-banks", { session, banks, scenes: SCENES });
  const place = (number: number) =>
    mounted.find<HTMLButtonElement>(`.places button:nth-child(${number})`);
  return { session, banks, place, ...mounted };
}

describe("cadenza-banks", () => {
  it("keeps the performance in a place that is empty, and brings it back from one that is full", async () => {
    const { session, banks, place, rendered } = await banksOf();
    const kept = session.performance;
    expect(place(3).getAttribute("aria-label")).toBe("Keep in bank 3");
    place(3).click();
    await rendered();
    expect(banks.state[2]).toEqual(kept);
    expect(place(3).getAttribute("aria-label")).toBe("Bring bank 3 back");
    session.setControls({ tempo: 90 });
    place(3).click();
    expect(session.argsOf("bringBack")).toEqual([[kept]]);
    await rendered();
    expect(place(3).getAttribute("aria-pressed")).toBe("true");
  });

  it("keeps over what was there with Shift, and empties a place with Delete", async () => {
    const { session, banks, place, rendered } = await banksOf();
    place(1).click();
    session.setControls({ tempo: 90 });
    await userEvent.keyboard("{Shift>}");
    place(1).dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
    await userEvent.keyboard("{/Shift}");
    expect(banks.state[0]?.controls.tempo).toBe(90);
    expect(session.argsOf("bringBack")).toEqual([]);
    await rendered();
    place(1).focus();
    await userEvent.keyboard("{Delete}");
    expect(banks.state[0]).toBeUndefined();
  });

  it("undoes and redoes by button and key, and says when there is nothing", async () => {
    const { session, find, rendered, remarks } = await banksOf();
    find(".undo").click();
    expect(remarks.at(-1)?.text).toContain("Nothing to undo");
    session.set({ canUndo: true, canRedo: true });
    await rendered();
    find(".undo").click();
    find(".redo").click();
    await userEvent.keyboard("{Control>}z{/Control}");
    await userEvent.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    await userEvent.keyboard("{Control>}y{/Control}");
    expect(session.calls.map(({ method }) => method)).toEqual([
      "undo",
      "redo",
      "undo",
      "redo",
      "redo",
    ]);
  });

  it("leaves Ctrl+Z to a field in which text is typed", async () => {
    const { session } = await banksOf();
    session.set({ canUndo: true });
    const field = document.body.appendChild(document.createElement("input"));
    field.focus();
    await userEvent.keyboard("{Control>}z{/Control}");
    field.remove();
    expect(session.calls).toEqual([]);
  });

  it("plays a scene at the next bar, and says what is wrong with one that is broken", async () => {
    const { session, find, remarks } = await banksOf();
    await userEvent.selectOptions(find("select"), "Bossa nova");
    await expect.poll(() => session.argsOf("bringBack").length).toBe(1);
    expect(session.performance.controls.tempo).toBe(128);
    await userEvent.selectOptions(find("select"), "Broken");
    await expect.poll(() => remarks.at(-1)?.text).toBe("This scene cannot be played.");
  });

  it("copies a link to what was heard, says where it is, and why there is none", async () => {
    const { session, element, find, rendered } = await banksOf();
    const told: RemarkEvent[] = [];
    element.addEventListener(RemarkEvent.type, (event) => told.push(event as RemarkEvent));
    expect(element.shadowRoot?.querySelector(".share")).toBeNull();
    let answer = async (): Promise<"copied" | "in the address"> => "copied";
    element.sharing = { copyLink: () => answer() };
    await rendered();
    const press = async () => {
      find<HTMLButtonElement>(".share").click();
      await rendered();
      return told.at(-1)!;
    };
    expect(say((await press()).remark)).toBe(HINTS.nothingToShare);
    session.place = { step: 64, committedStep: 70, plannedStep: 100 };
    expect(say((await press()).remark)).toBe(HINTS.linkIs.copied);
    answer = async () => "in the address";
    expect(say((await press()).remark)).toBe(HINTS.linkIs["in the address"]);
    const long = remark("link-too-long", { length: 20_000, most: 16_000 });
    answer = async () => {
      throw new Failure("too-large", long);
    };
    expect(await press()).toMatchObject({ remark: long, tone: "error" });
  });
});
