import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { namelessControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-part.ts";

const BASS = 2;
const DRUMS = 9;

async function partOf(instrument: number) {
  const session = new FakeSession();
  const mounted = await mount("cadenza-part", { session });
  await mounted.element.show(instrument);
  await mounted.rendered();
  const lists = () => [...mounted.element.shadowRoot!.querySelectorAll("select")];
  const list = (label: string) => {
    const found = lists().find((each) => each.labels[0].textContent?.includes(label));
    if (found === undefined) throw new Error(`no list ${label}`);
    return found;
  };
  return { session, list, lists, ...mounted };
}

describe("cadenza-part", () => {
  it("sets register, notes at once, density and part of the pitches and the loudness", async () => {
    const { session, list, rendered } = await partOf(BASS);
    for (const [label, option] of [
      ["Lowest", "C2"],
      ["Highest", "C3"],
      ["Notes at once", "1"],
      ["Notes a whole note", "8"],
      ["Pitches", "upper half"],
      ["Loudness", "louder half"],
    ]) {
      await userEvent.selectOptions(list(label), option);
      await rendered();
    }
    const { limits, pitches, velocities } = session.state.strips[BASS];
    expect(limits).toEqual({ register: [36, 48], polyphony: 1, density: 8 });
    expect([pitches, velocities]).toEqual(["upper", "upper"]);
  });

  it("offers no register that is upside down, and lets all go again", async () => {
    const { session, list, find, rendered } = await partOf(BASS);
    await userEvent.selectOptions(list("Lowest"), "C3");
    await rendered();
    expect(list("Highest").options[0].text).toBe("C3");
    await userEvent.selectOptions(list("Lowest"), list("Lowest").options[0].text);
    expect(session.state.strips[BASS].limits).toEqual({});
    find(".quiet").click();
    expect(session.argsOf("setStrip").at(-1)).toEqual([
      BASS,
      { limits: {}, pitches: "all", velocities: "band" },
    ]);
  });

  it("has no pitches for the drums, and closes by Escape and by its button", async () => {
    const { element, lists, find } = await partOf(DRUMS);
    expect(lists()).toHaveLength(3);
    const dialog = find<HTMLDialogElement>("dialog");
    await userEvent.keyboard("{Escape}");
    expect(dialog.open).toBe(false);
    await element.show(DRUMS);
    find(".primary").click();
    expect(dialog.open).toBe(false);
  });

  it("fits a narrow phone, all of it named", async () => {
    await page.viewport(320, 568);
    const { element, find } = await partOf(BASS);
    const { left, right } = find("dialog").getBoundingClientRect();
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(320);
    expect(namelessControls(element)).toEqual([]);
  });
});
