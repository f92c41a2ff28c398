/**
 * What stays visible where the system chooses the colours (forced colours, "high contrast"): two states of a control are
 * told apart by what is on the screen, since backgrounds and shadows are taken away there.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cdp, page } from "vitest/browser";
import { FakeSession } from "./testing/fake-session.ts";
import { mount } from "./testing/mount.ts";
import "./dial/cadenza-dial.ts";
import "./key/cadenza-key.ts";
import "./strip/cadenza-strip.ts";

const BASS = 2;

/** Pixels that make a difference to see. */
const SEEN = 30;

async function forceColours(value: "active" | "none"): Promise<void> {
  const chromium = cdp() as unknown as { send(method: string, how: object): Promise<unknown> };
  await chromium.send("Emulation.setEmulatedMedia", {
    features: [{ name: "forced-colors", value }],
  });
  expect(matchMedia("(forced-colors: active)").matches).toBe(value === "active");
}

/** The pixels of an element as they are on the screen. */
async function pixelsOf(element: Element): Promise<Uint8ClampedArray> {
  const base64 = await page.screenshot({ element, save: false });
  const image = await createImageBitmap(
    await (await fetch(`data:image/png;base64,${base64}`)).blob(),
  );
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

/** How many pixels of an element a change moves, by more than a shade. */
async function moved(element: Element, change: () => Promise<void>): Promise<number> {
  const before = await pixelsOf(element);
  await change();
  const after = await pixelsOf(element);
  expect(after.length).toBe(before.length);
  let count = 0;
  for (let at = 0; at < after.length; at += 4) {
    const by = [0, 1, 2].map((channel) => Math.abs(after[at + channel] - before[at + channel]));
    if (Math.max(...by) > 60) count++;
  }
  return count;
}

describe("forced colours", () => {
  beforeAll(() => forceColours("active"));
  afterAll(() => forceColours("none"));

  it("show where the sliders, the meter and the switches of a strip stand", async () => {
    const session = new FakeSession();
    const strip = { ...session.state.strips[BASS], level: 0.2, pan: -0.8, muted: false };
    const { element, find, rendered } = await mount(
      "cadenza-strip",
      { session, strip },
      "width: 106px",
    );
    const set = (change: Partial<typeof strip>) => async () => {
      element.strip = { ...element.strip!, ...change };
      await rendered();
    };
    expect(await moved(find(".fader"), set({ level: 0.9 }))).toBeGreaterThan(SEEN);
    expect(await moved(find(".pan"), set({ pan: 0.8 }))).toBeGreaterThan(SEEN);
    expect(await moved(find(".mute"), set({ muted: true }))).toBeGreaterThan(SEEN);
    expect(await moved(find(".power"), set({ enabled: !strip.enabled }))).toBeGreaterThan(SEEN);
    element.showLevel(0);
    expect(await moved(find(".meter"), async () => element.showLevel(1))).toBeGreaterThan(SEEN);
  });

  it("show where a dial and a switch stand", async () => {
    const dial = await mount("cadenza-dial", { label: "daring", min: 0, max: 2, value: 0.2 });
    const turn = async () => {
      dial.element.value = 1.8;
      await dial.rendered();
    };
    expect(await moved(dial.element, turn)).toBeGreaterThan(SEEN);
    const key = await mount("cadenza-key");
    const lock = async () => {
      key.find(".switch").click();
      await key.rendered();
    };
    expect(await moved(key.find(".switch"), lock)).toBeGreaterThan(SEEN);
  });
});
