import { describe, expect, it } from "vitest";
import { page } from "vitest/browser";
import { framesRunning } from "../frames.ts";
import type { CadenzaStrip } from "../strip/cadenza-strip.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeMidiPorts } from "../testing/fake-studio.ts";
import { frame, mount, find as within } from "../testing/mount.ts";
import "./cadenza-mixer.ts";
import { SpotlightEvent } from "./spotlight-event.ts";

async function mixerOf() {
  await page.viewport(1440, 900);
  const session = new FakeSession();
  const midi = new FakeMidiPorts();
  const mounted = await mount("cadenza-mixer", { session, midi }, "width: 1392px");
  const strips = [...mounted.element.shadowRoot!.querySelectorAll("cadenza-strip")];
  return { session, midi, strips, ...mounted };
}

const meter = (strip: CadenzaStrip): string => within(strip, ".meter i").style.transform;

describe("cadenza-mixer", () => {
  it("shows twelve strips side by side, one of which leads", async () => {
    const { strips, element } = await mixerOf();
    expect(strips).toHaveLength(12);
    expect(strips.filter((strip) => strip.leads).map((strip) => strip.strip!.instrument)).toEqual([
      3,
    ]);
    expect(within(element, ".rack").scrollWidth).toBeLessThanOrEqual(1400);
  });

  it("shows what an instrument may play when its strip is asked", async () => {
    const { strips, find, rendered } = await mixerOf();
    within(strips[2], ".part").click();
    await rendered();
    const dialog = within<HTMLDialogElement>(find("cadenza-part"), "dialog");
    expect(dialog.open).toBe(true);
    expect(dialog.textContent).toContain("Bass");
  });

  it("moves all meters while playing, and until they have fallen", async () => {
    const { session, strips, rendered } = await mixerOf();
    session.levels[3] = 0.5;
    session.set({ phase: "playing" });
    await rendered();
    await frame();
    expect(meter(strips[3])).toBe("scaleY(0.5)");
    expect(meter(strips[4])).toBe("scaleY(0)");
    session.set({ phase: "ready" });
    session.levels[3] = 0.25;
    await frame();
    await frame();
    expect(meter(strips[3])).toBe("scaleY(0.25)");
    session.levels[3] = 0;
    await frame();
    await frame();
    expect(meter(strips[3])).toBe("scaleY(0)");
    expect(framesRunning()).toBe(false);
  });

  it("greys the meters of what is not heard", async () => {
    const { session, strips, rendered } = await mixerOf();
    session.setStrip(0, { soloed: true });
    session.setStrip(1, { muted: true, soloed: true });
    await rendered();
    expect(strips.filter((strip) => strip.heard).map((strip) => strip.strip!.instrument)).toEqual([
      0,
    ]);
  });

  it("lights the strip that is pointed at or reached by keyboard", async () => {
    const { element, strips } = await mixerOf();
    const lit: (number | undefined)[] = [];
    element.addEventListener(SpotlightEvent.type, (event) =>
      lit.push((event as SpotlightEvent).instrument),
    );
    strips[5].dispatchEvent(new PointerEvent("pointerenter", { pointerType: "mouse" }));
    strips[5].dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    within(strips[8], ".fader").focus();
    expect(lit).toEqual([5, undefined, 8]);
  });

  it("hands new MIDI outputs to every strip", async () => {
    const { midi, strips, rendered } = await mixerOf();
    midi.set({ status: "granted", outputs: [{ name: "Digitakt" }] });
    await rendered();
    for (const strip of strips) {
      expect(within<HTMLSelectElement>(strip, ".port").options[1].text).toBe("Digitakt");
    }
  });
});
