import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { remark } from "#base/remark.ts";
import { midiRoute } from "#engine/jam/route.ts";
import { RouteEvent } from "../route/route-event.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeMidiPorts } from "../testing/fake-studio.ts";
import { mount } from "../testing/mount.ts";
import type { CadenzaStrip } from "./cadenza-strip.ts";
import "./cadenza-strip.ts";

const BASS = 2;
const DRUMS = 9;
const BOX = "width: 106px";

async function stripOf(instrument: number, change: Partial<CadenzaStrip> = {}) {
  const session = new FakeSession();
  const midi = new FakeMidiPorts();
  const strip = session.state.strips[instrument];
  const mounted = await mount(
    "cadenza-strip",
    { session, strip, midi, ports: midi.state, ...change },
    BOX,
  );
  /** What was asked of the session, the instrument left out. */
  const asked = () =>
    session.argsOf("setStrip").map(([id, value]) => (id === instrument ? value : id));
  return { session, midi, asked, ...mounted };
}

describe("cadenza-strip", () => {
  it("mutes, solos and switches off by its buttons, Enter and space", async () => {
    const { asked, find } = await stripOf(BASS);
    find(".power").click();
    find(".solo").focus();
    await userEvent.keyboard("{Enter}");
    await userEvent.keyboard("{ArrowRight} ");
    expect(asked()).toEqual([{ enabled: false }, { soloed: true }, { muted: true }]);
  });

  it("shows its state", async () => {
    const { element, session, find, rendered } = await stripOf(BASS);
    element.strip = { ...session.state.strips[BASS], muted: true, enabled: false, level: 0.25 };
    await rendered();
    expect(find(".mute").getAttribute("aria-pressed")).toBe("true");
    expect(find(".power").getAttribute("aria-checked")).toBe("false");
    expect(find<HTMLInputElement>(".fader").value).toBe("0.25");
    expect(find(".fader").getAttribute("aria-valuetext")).toBe("25 %");
  });

  it("sets level and pan by arrow keys, and back by a double click", async () => {
    const { element, asked, find, rendered } = await stripOf(BASS);
    find(".fader").focus();
    await userEvent.keyboard("{ArrowUp}");
    find(".pan").focus();
    await userEvent.keyboard("{ArrowDown}");
    const { strip } = element;
    element.strip = { ...strip!, level: 0.3, pan: 0.4 };
    await rendered();
    find(".fader").dispatchEvent(new MouseEvent("dblclick"));
    await userEvent.keyboard("{Delete}");
    expect(asked().slice(2)).toEqual([{ level: 0.8 }, { pan: 0 }]);
    expect(asked().slice(0, 2)).toEqual([{ level: 0.85 }, { pan: -0.05 }]);
  });

  it("is one tab stop, with arrows from control to control", async () => {
    const { element, find, rendered } = await stripOf(BASS);
    const stops = () =>
      [...element.shadowRoot!.querySelectorAll<HTMLElement>("button, input, select")].filter(
        ({ tabIndex, hidden }) => tabIndex === 0 && !hidden,
      );
    expect(stops()).toEqual([find(".header")]);
    find(".header").focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 8; presses++) {
      await userEvent.keyboard("{ArrowRight}");
      reached.push(element.shadowRoot!.activeElement!.className);
    }
    expect(reached).toEqual(["fader", "power", "solo", "mute", "part", "pan", "port", "header"]);
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    await rendered();
    expect(stops().map(({ className }) => className)).toEqual(["pan"]);
  });

  it("takes a typed level and pan, in per cent", async () => {
    const { element, asked, find, rendered } = await stripOf(BASS);
    find(".fader").focus();
    await userEvent.keyboard("6");
    await rendered();
    // Something else changes meanwhile: what is typed stays.
    element.strip = { ...element.strip!, level: 0.2 };
    await rendered();
    await userEvent.keyboard("5{Enter}");
    await rendered();
    expect(find(".fader").matches(":focus")).toBe(true);
    find(".pan").dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
    await rendered();
    await userEvent.keyboard("-30{Enter}");
    expect(asked()).toEqual([{ level: 0.65 }, { pan: -0.3 }]);
  });

  it("moves its fader finely while Shift is held", async () => {
    const { asked, find } = await stripOf(BASS);
    const fader = find(".fader");
    const { height } = fader.getBoundingClientRect();
    const pointer = (type: string, clientY: number) =>
      new PointerEvent(type, { clientY, shiftKey: true, bubbles: true, cancelable: true });
    const down = pointer("pointerdown", 300);
    fader.dispatchEvent(down);
    expect(down.defaultPrevented).toBe(true);
    dispatchEvent(pointer("pointermove", 300 + height));
    dispatchEvent(pointer("pointerup", 300 + height));
    dispatchEvent(pointer("pointermove", 0));
    expect(asked()).toEqual([{ level: 0.7 }]);
  });

  it.each(["fader", "pan"])("gives its %s a target of 24 pixels at least", async (slider) => {
    const { find } = await stripOf(BASS);
    const { width, height } = find(`.${slider}`).getBoundingClientRect();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
  });

  it("stands its fader upright, the full level on top", async () => {
    const { find } = await stripOf(BASS);
    const { width, height } = find(".fader").getBoundingClientRect();
    expect(height).toBeGreaterThan(2 * width);
    await userEvent.click(find(".fader"), { position: { x: width / 2, y: 4 } });
    expect(find<HTMLInputElement>(".fader").valueAsNumber).toBeGreaterThan(0.9);
  });

  it("takes the lead by its header, once", async () => {
    const { element, session, find, rendered } = await stripOf(BASS);
    find(".header").click();
    expect(session.argsOf("setControls")).toEqual([[{ lead: BASS }]]);
    element.leads = true;
    await rendered();
    expect(find(".header").getAttribute("aria-pressed")).toBe("true");
    find(".header").click();
    expect(session.argsOf("setControls")).toHaveLength(1);
  });

  it("says why the lead cannot be switched off", async () => {
    const { asked, find, remarks } = await stripOf(BASS, { leads: true });
    expect(find(".power").getAttribute("aria-disabled")).toBe("true");
    find(".power").click();
    expect(asked()).toEqual([]);
    expect(remarks[0].text).toBe("Bass leads, so it plays: let another lead first.");
  });

  it("switches the drums by their own control, and says that they cannot lead", async () => {
    const { session, find, remarks } = await stripOf(DRUMS, { drums: false });
    expect(find(".power").getAttribute("aria-checked")).toBe("false");
    find(".power").click();
    find(".header").click();
    expect(session.argsOf("setControls")).toEqual([[{ drums: true }]]);
    expect(remarks[0].text).toContain("cannot lead");
  });

  it("moves its meter", async () => {
    const { element, find } = await stripOf(BASS);
    element.showLevel(0.5);
    expect(find(".meter i").style.transform).toBe("scaleY(0.5)");
    element.showLevel(7);
    expect(find(".meter i").style.transform).toBe("scaleY(1)");
  });

  it("asks for MIDI when it is chosen, again after a refusal, and shows the route where there is none", async () => {
    const { element, midi, find, rendered } = await stripOf(BASS);
    const shown: number[] = [];
    element.addEventListener(RouteEvent.type, (event) =>
      shown.push((event as RouteEvent).instrument),
    );
    const output = find<HTMLSelectElement>(".port");
    const forbidden = remark("midi-forbidden", { browser: "firefox" });
    midi.answer = { status: "refused", message: forbidden };
    await userEvent.selectOptions(output, "MIDI: connect…");
    await rendered();
    expect(output.value).toBe("voice");
    element.ports = midi.state;
    await rendered();
    await userEvent.selectOptions(output, "MIDI: ask again…");
    await expect.poll(() => shown).toEqual([BASS, BASS]);
    midi.answer = { status: "granted", message: undefined, outputs: [{ name: "Digitakt" }] };
    element.ports = { ...midi.state, status: "missing" };
    await rendered();
    await userEvent.selectOptions(output, "MIDI: why not?");
    expect([midi.requests, shown.length]).toEqual([3, 2]);
  });

  it("sends its notes to a port, on its own channel first, and says when the port is away", async () => {
    const outputs = [{ name: "Digitakt" }, { name: "Prophet" }];
    const ports = { status: "granted", message: undefined, outputs, inputs: [] } as const;
    const { element, session, asked, find, rendered } = await stripOf(BASS, { ports });
    await userEvent.selectOptions(find(".port"), "Prophet");
    expect(asked()).toEqual([{ route: midiRoute(BASS, "Prophet", { channel: BASS }) }]);
    element.strip = { ...session.state.strips[BASS], route: midiRoute(BASS, "Prophet") };
    await rendered();
    const shown = new Promise((resolve) => element.addEventListener(RouteEvent.type, resolve));
    expect(find(".route").textContent?.trim()).toBe("3");
    find(".route").click();
    await shown;
    element.crowded = true;
    await rendered();
    expect(find(".route").textContent?.trim()).toBe("3!");
    expect(find(".route").getAttribute("aria-label")).toContain("which another wants, too");
    element.ports = { ...ports, outputs: outputs.slice(0, 1) };
    await rendered();
    expect(find<HTMLSelectElement>(".port").selectedOptions[0].text).toBe("Prophet (away)");
  });

  it("gives the drums channel 10", async () => {
    const ports = {
      status: "granted",
      message: undefined,
      outputs: [{ name: "Digitakt" }],
      inputs: [],
    } as const;
    const { asked, find } = await stripOf(DRUMS, { ports });
    await userEvent.selectOptions(find(".port"), "Digitakt");
    expect(asked()).toEqual([{ route: midiRoute(DRUMS, "Digitakt", { channel: 9 }) }]);
  });
});
