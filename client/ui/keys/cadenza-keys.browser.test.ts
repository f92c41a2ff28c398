import { describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { namelessControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-keys.ts";

async function keysOf(hand: string) {
  const session = new FakeSession();
  session.set({ controls: { ...session.state.controls, hand } });
  const mounted = await mount("cadenza-keys", { session }, "width: 196px");
  const pressed = () => session.argsOf("press").map(([key]) => (key as { pitch: number }).pitch);
  const released = () => session.argsOf("release").map(([key]) => (key as { pitch: number }).pitch);
  return { session, pressed, released, ...mounted };
}

describe("cadenza-keys", () => {
  it("are a piano on the computer's keyboard, held as long as its keys are", async () => {
    const { session, pressed, released } = await keysOf("Bass");
    await userEvent.keyboard("{a>}{d>}{g>}{/d}{w}");
    expect(session.argsOf("press")[0]).toEqual([{ instrument: 2, pitch: 60, velocity: 96 }]);
    expect(pressed()).toEqual([60, 64, 67, 61]);
    expect(released()).toEqual([64, 61]);
    dispatchEvent(new Event("blur"));
    expect(released().slice(2).sort()).toEqual([60, 67]);
    await userEvent.keyboard("{/a}{/g}");
    expect(released()).toHaveLength(4);
  });

  it("move by octaves, and let go the pitch that was struck", async () => {
    const { pressed, released, find, rendered } = await keysOf("Piano");
    await userEvent.keyboard("{a>}{x}{/a}{s}");
    await rendered();
    expect(pressed()).toEqual([60, 74]);
    expect(released()).toEqual([60, 74]);
    expect(find(".octave span").textContent).toBe("C5 to C6");
    for (let i = 0; i < 9; i++) find(".octave button").click();
    await userEvent.keyboard("{a}");
    expect(pressed().at(-1)).toBe(24);
    find(".octave button:last-child").click();
    await userEvent.keyboard("{a}");
    expect(pressed().at(-1)).toBe(36);
  });

  it("sound where they are touched, louder below", async () => {
    const { session, find, released } = await keysOf("Harp");
    const key = find(".white:last-child");
    const { top, height } = key.getBoundingClientRect();
    for (const share of [0, 1]) {
      key.dispatchEvent(new PointerEvent("pointerdown", { clientY: top + share * height }));
      key.dispatchEvent(new PointerEvent("pointerup"));
    }
    expect(session.argsOf("press")).toEqual([
      [{ instrument: 5, pitch: 72, velocity: 50 }],
      [{ instrument: 5, pitch: 72, velocity: 120 }],
    ]);
    expect(released()).toEqual([72, 72]);
  });

  it("are one tab stop, named, and wide enough", async () => {
    await page.viewport(320, 640);
    const { element, find, pressed } = await keysOf("Piano");
    expect(namelessControls(element)).toEqual([]);
    find(".white").focus();
    await userEvent.keyboard("{ArrowRight}{Enter}");
    expect(pressed()).toEqual([61]);
    expect(find(".white").getBoundingClientRect().width).toBeGreaterThanOrEqual(24);
  });

  it("are not there while nobody plays", async () => {
    const { element, pressed } = await keysOf("nobody");
    await userEvent.keyboard("{a}");
    expect(pressed()).toEqual([]);
    expect(element.shadowRoot!.querySelector("button")).toBeNull();
  });

  it("are letters in a field", async () => {
    const { pressed } = await keysOf("Piano");
    const field = document.body.appendChild(document.createElement("input"));
    field.focus();
    await userEvent.keyboard("{a}{z}");
    expect(field.value).toBe("az");
    field.remove();
    expect(pressed()).toEqual([]);
  });
});
