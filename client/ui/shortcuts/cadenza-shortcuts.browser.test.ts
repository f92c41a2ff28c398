import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { namelessControls } from "../testing/accessibility.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-shortcuts.ts";

describe("cadenza-shortcuts", () => {
  it("opens by its button and by the question mark, and closes by Escape", async () => {
    const { element, find } = await mount("cadenza-shortcuts");
    const dialog = find<HTMLDialogElement>("dialog");
    await userEvent.click(find(".open"));
    expect(dialog.open).toBe(true);
    expect(namelessControls(element)).toEqual([]);
    expect(dialog.textContent).toContain("play or stop");
    await userEvent.keyboard("{Escape}");
    expect(dialog.open).toBe(false);
    await userEvent.keyboard("?");
    expect(dialog.open).toBe(true);
    find("[aria-label=Close]").click();
    expect(dialog.open).toBe(false);
  });

  it("leaves the question mark to a field", async () => {
    const { find } = await mount("cadenza-shortcuts");
    const field = document.body.appendChild(document.createElement("input"));
    field.focus();
    await userEvent.keyboard("?");
    expect(field.value).toBe("?");
    expect(find<HTMLDialogElement>("dialog").open).toBe(false);
    field.remove();
  });
});
