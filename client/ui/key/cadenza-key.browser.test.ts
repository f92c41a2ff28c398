import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { Key } from "#music/key.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-key.ts";
import { KeyEvent } from "./key-event.ts";

async function keyOf(value: Key | undefined) {
  const chosen: (Key | undefined)[] = [];
  const mounted = await mount("cadenza-key", { value, wheel: true });
  mounted.element.addEventListener(KeyEvent.type, (event) =>
    chosen.push((event as KeyEvent).value),
  );
  /** The field of the wheel with a label. */
  const field = (label: string): Element =>
    [...mounted.find(".wheel").querySelectorAll("g")].find(
      (group) => group.textContent?.trim() === label,
    )!;
  const press = (label: string) =>
    field(label).dispatchEvent(new MouseEvent("click", { bubbles: true }));
  return { ...mounted, chosen, field, press };
}

describe("cadenza-key", () => {
  it("switches on with the key shown, and off again", async () => {
    const { find, chosen, rendered } = await keyOf(undefined);
    find(".switch").click();
    await rendered();
    expect(find(".switch").getAttribute("aria-checked")).toBe("true");
    find(".switch").click();
    expect(chosen).toEqual([{ tonic: 0, scale: "major" }, undefined]);
  });

  it("takes tonic and scale from its fields", async () => {
    const { find, chosen } = await keyOf({ tonic: 0, scale: "major" });
    await userEvent.selectOptions(find("[aria-label=Tonic]"), "F♯");
    await userEvent.selectOptions(find("[aria-label=Scale]"), "dorian");
    expect(chosen).toEqual([
      { tonic: 6, scale: "major" },
      { tonic: 6, scale: "dorian" },
    ]);
  });

  it("takes keys from the wheel, keeping the scale where it fits the ring", async () => {
    const { press, field, chosen, rendered } = await keyOf({ tonic: 2, scale: "dorian" });
    expect(field("d").classList.contains("chosen")).toBe(true);
    press("a");
    await rendered();
    press("B♭");
    await rendered();
    press("B♭");
    expect(chosen).toEqual([
      { tonic: 9, scale: "dorian" },
      { tonic: 10, scale: "major" },
      undefined,
    ]);
  });
});
