import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { shownControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { mount, find as within } from "../testing/mount.ts";
import "./cadenza-shape.ts";

async function shapeOf() {
  const session = new FakeSession();
  return { session, ...(await mount("cadenza-shape", { session })) };
}

describe("cadenza-shape", () => {
  it("turns daring and choice by keyboard", async () => {
    const { session, find } = await shapeOf();
    within(find("cadenza-dial[label=daring]"), "input").focus();
    await userEvent.keyboard("{ArrowUp}");
    within(find("cadenza-dial[label=choice]"), "input").focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(session.argsOf("setControls")).toEqual([[{ temperature: 0.97 }], [{ topP: 0.93 }]]);
  });

  it("chooses the lead of eleven, and the drums", async () => {
    const { session, find } = await shapeOf();
    const select = find<HTMLSelectElement>("[aria-label=Band] select");
    expect(select.value).toBe("3");
    expect([...select.options].map((option) => option.text)).not.toContain("Drums");
    expect(select.options).toHaveLength(11);
    await userEvent.selectOptions(select, "Harp");
    find(".switch").click();
    expect(session.argsOf("setControls")).toEqual([[{ lead: 5 }], [{ drums: false }]]);
  });

  it("chooses style and rules", async () => {
    const { session, element, find } = await shapeOf();
    for (const folded of [".arrangement", ".rules"]) find(`${folded} summary`).click();
    const lists = [
      ...element.shadowRoot!.querySelectorAll<HTMLSelectElement>(
        ".arrangement select, .rules select",
      ),
    ];
    for (const [at, option] of [
      ...["jazz", "8 bars"],
      ...["chord tones only", "1/8", "louder half"],
    ].entries())
      await userEvent.selectOptions(lists[at], option);
    expect(session.argsOf("setControls").flat()).toEqual([
      { style: "jazz" },
      { morph: "8 bars" },
      { chordLock: "strict" },
      { grid: "1/8" },
      { velocities: "upper" },
    ]);
  });

  it.each([176, 296])("keeps everything within %d pixels, folded or not", async (width) => {
    const { session, element, find, rendered } = await shapeOf();
    element.style.cssText = `width: ${width}px; height: 900px`;
    session.set({ controls: { ...session.state.controls, hand: "Piano" } });
    for (const name of ["subtle", "course", "arrangement", "timing", "playing", "rules"])
      find<HTMLDetailsElement>(`details.${name}`).open = true;
    await rendered();
    const { right } = element.getBoundingClientRect();
    for (const control of shownControls(element))
      expect(control.getBoundingClientRect().right).toBeLessThanOrEqual(right + 1);
    expect(element.scrollWidth).toBeLessThanOrEqual(width);
  });

  it("turns levels one by one", async () => {
    const { session, find } = await shapeOf();
    find(".arrangement summary").click();
    const dial = find("cadenza-dial[label=energy]");
    expect(within(dial, "output").textContent).toBe("0");
    within(dial, "input").focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(session.argsOf("setControls")).toEqual([[{ energy: -1 }]]);
  });

  it("brings the piece to an end while it plays", async () => {
    const { session, find, rendered } = await shapeOf();
    expect(find(".end").getAttribute("aria-disabled")).toBe("true");
    session.set({ phase: "playing" });
    await rendered();
    find(".end").click();
    await rendered();
    expect(session.argsOf("end")).toHaveLength(1);
    expect(find(".end").getAttribute("aria-pressed")).toBe("true");
    find(".stop").click();
    expect(session.argsOf("stopAtBar")).toHaveLength(1);
  });

  it("keeps the dials that are seldom turned folded until they are asked for", async () => {
    const { session, find } = await shapeOf();
    const dial = find("cadenza-dial[label=rhythm]");
    expect(dial.checkVisibility()).toBe(false);
    find(".subtle summary").click();
    expect(dial.checkVisibility()).toBe(true);
    within(dial, "input").focus();
    await userEvent.keyboard("{ArrowUp}");
    expect(session.argsOf("setControls")[0][0]).toHaveProperty("rhythmWarmth");
  });

  it("locks the key, and follows the session", async () => {
    const { session, find, rendered } = await shapeOf();
    const key = find("cadenza-key");
    within(key, ".switch").click();
    expect(session.argsOf("setControls")).toEqual([[{ key: { tonic: 0, scale: "major" } }]]);
    session.set({
      controls: { ...session.state.controls, lead: 8, temperature: 1.2, key: undefined },
    });
    await rendered();
    await rendered();
    expect(find<HTMLSelectElement>("[aria-label=Band] select").value).toBe("8");
    expect(within(find("cadenza-dial[label=daring]"), "output").textContent).toBe("1.20");
    expect(within(key, ".switch").getAttribute("aria-checked")).toBe("false");
  });
});
