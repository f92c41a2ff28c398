import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { Emitter } from "#base/emitter.ts";
import { remark } from "#base/remark.ts";
import { ControlReader } from "#engine/hardware/control-reader.ts";
import { heardMessage } from "#engine/hardware/heard-message.ts";
import { KeyboardBoard } from "#engine/hardware/keyboard-settings.ts";
import { Learning } from "#engine/hardware/learning.ts";
import { MappingBoard } from "#engine/hardware/mapping.ts";
import { targetsOf } from "#engine/hardware/targets.ts";
import { Banks } from "#engine/jam/banks.ts";
import type { CalibrationLike, HardwareLike, ListeningLike, SysexLike } from "../surface-model.ts";
import { namelessControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeMidiPorts } from "../testing/fake-studio.ts";
import { downloads, find, mount } from "../testing/mount.ts";
import "./cadenza-hardware.ts";

afterEach(() => page.viewport(414, 896));

async function hardwareOf() {
  const session = new FakeSession();
  const midi = new FakeMidiPorts();
  const [mappings, keyboards] = [new MappingBoard(), new KeyboardBoard()];
  const sysex: SysexLike & { asked: number } = {
    state: { status: "unasked", message: undefined },
    changed: new Emitter(),
    asked: 0,
    async request() {
      this.asked++;
    },
  };
  const targets = targetsOf({
    ...{ session, banks: new Banks(), panic: () => undefined, refused: () => undefined },
    ...{ scenes: () => [], playScene: () => undefined },
  });
  const names = new Map([["Keystep 20", "Cutoff"]]);
  const controlNames: HardwareLike["controlNames"] = {
    of: (device, { number }) => names.get(`${device} ${number}`),
    changed: new Emitter(),
  };
  const hardware = {
    ...{ keyboards, mappings, targets, sysex, controlNames },
    learning: new Learning(mappings),
    calibration: {} as CalibrationLike,
    listening: {} as ListeningLike,
  };
  midi.set({ status: "granted", inputs: [{ name: "Keystep" }] });
  const mounted = await mount("cadenza-hardware", { hardware, midi });
  const reader = new ControlReader();
  const move = async (...data: readonly number[]) => {
    hardware.learning.hear("Keystep", reader.read(heardMessage(data)!));
    await mounted.rendered();
  };
  const learn = find(mounted.element, "cadenza-learn");
  const told = () => find(learn, "[role=status]").textContent?.trim();
  const bar = () => find(learn, ".bar");
  const open = async () => {
    find(mounted.element, ".doors button").click();
    await mounted.rendered();
  };
  return { session, midi, mappings, keyboards, sysex, hardware, move, told, bar, open, ...mounted };
}

describe("cadenza-hardware", () => {
  it("learns what is clicked or pressed on the page, and Escape ends it", async () => {
    const { hardware, mappings, move, told, bar, rendered } = await hardwareOf();
    const button = document.body.appendChild(document.createElement("button"));
    button.dataset.learn = "strip:3:level";
    let clicked = 0;
    button.addEventListener("click", () => clicked++);
    await userEvent.keyboard("m");
    await rendered();
    expect(bar().matches(":popover-open")).toBe(true);
    expect(told()).toMatch(/^Choose what to learn/);
    button.click();
    await rendered();
    expect(told()).toMatch(/^Now move .* for Violin level/);
    await move(0xb0, 20, 3);
    expect(told()).toMatch(/^Violin level: Cutoff, controller 20, channel 1, Keystep\./);
    button.dataset.learn = "gesture:play";
    button.focus();
    await userEvent.keyboard("{Enter}");
    await move(0xb0, 20, 9);
    expect(told()).toMatch(/The same control moves Violin level, too\./);
    expect(clicked).toBe(0);
    await userEvent.keyboard("{Escape}");
    await rendered();
    expect(hardware.learning.state.on).toBe(false);
    expect(bar().matches(":popover-open")).toBe(false);
    button.click();
    expect(clicked).toBe(1);
    expect(mappings.state).toHaveLength(2);
    button.remove();
  });

  it("learns from the list by keys alone, and forgets", async () => {
    const { element, hardware, mappings, move, rendered } = await hardwareOf();
    await userEvent.keyboard("m");
    await rendered();
    const learn = find(element, "cadenza-learn");
    await userEvent.selectOptions(find(learn, "select"), "density");
    await move(0xb0, 21, 3);
    expect(mappings.state).toMatchObject([{ target: "control:density" }]);
    find(learn, "button:not(.primary)").click();
    expect(mappings.state).toEqual([]);
    hardware.learning.end();
  });

  it("sets what a keyboard plays", async () => {
    const { element, keyboards, open, rendered } = await hardwareOf();
    await open();
    expect(namelessControls(element)).toEqual([]);
    const row = (label: string) => {
      const rows = [...element.shadowRoot!.querySelectorAll<HTMLSelectElement>("select, input")];
      const found = rows.find((each) => each.labels?.[0]?.textContent?.includes(label));
      if (found === undefined) throw new Error(`no row ${label}`);
      return found;
    };
    const choose = async (label: string, option: string) => {
      await userEvent.selectOptions(row(label), option);
      await rendered();
    };
    await choose("A channel a note", "yes, channel 16 speaks for all");
    expect(keyboards.of("Keystep").noteChannels).toEqual({ lower: 0, upper: 15 });
    keyboards.set("Keystep", { noteChannels: { lower: 10, upper: 0 } }); // as the keyboard says itself
    await rendered();
    expect((row("A channel a note") as HTMLSelectElement).selectedOptions[0].text).toBe(
      "yes, channel 1 for 10, channel 16 for 0",
    );
    await choose("A channel a note", "no");
    await choose("Channel", "4");
    await choose("Keys play", "split in two");
    await choose("Split at", "C3");
    await choose("Lower instrument", "Bass");
    await userEvent.fill(row("Lower moved by"), "-12");
    await userEvent.keyboard("{Tab}");
    expect(keyboards.of("Keystep")).toMatchObject({
      channel: 3,
      zones: [
        { lowest: 0, highest: 47, instrument: 2, transposition: -12 },
        { lowest: 48, highest: 127, instrument: undefined },
      ],
    });
    await choose("Its keys", "are not heard");
    expect(keyboards.of("Keystep").on).toBe(false);
  });

  it("exports mappings, and says what is wrong with a file", async () => {
    const { mappings, open, find: within, rendered } = await hardwareOf();
    mappings.learn({
      ...{ target: "gesture:play", device: "Keystep", encoding: "absolute" },
      source: { kind: "pad", channel: 9, number: 36 },
    });
    await open();
    expect(within("li span").textContent).toBe("play or stop: pad C2, channel 10, Keystep");
    const buttons = [...within("ul ~ .doors").querySelectorAll("button")];
    expect(await downloads(() => buttons[0].click())).toEqual(["cadenza-controllers.json"]);
    const file = within<HTMLInputElement>("input[type=file]");
    await userEvent.upload(file, new File(["[]"], "x.json"));
    await expect.poll(() => within("[role=alert]").textContent).toMatch(/cannot be read/);
    await rendered();
    expect(mappings.state).toHaveLength(1);
  });

  it("says why MIDI or the lights of a grid are not to be had, where one asks", async () => {
    const { midi, sysex, open, find: within, rendered } = await hardwareOf();
    await open();
    midi.set({ status: "refused", message: remark("midi-dismissed", {}), inputs: [] });
    await rendered();
    expect(within(".standing").textContent).toMatch(/closed without an answer/);
    within(".ask").click();
    expect(midi.requests).toBe(1);
    midi.set({
      ...{ status: "granted", message: undefined },
      ...{ inputs: [{ name: "LPX MIDI Out" }], outputs: [{ name: "LPX MIDI In" }] },
    });
    await rendered();
    within(".ask").click();
    expect(sysex.asked).toBe(1);
    Object.assign(sysex, {
      state: { status: "refused", message: remark("sysex-refused", { browser: "firefox" }) },
    });
    sysex.changed.emit(sysex.state);
    await rendered();
    expect(within("h3 ~ .standing[role=status]").textContent).toMatch(/system exclusive/);
  });

  it.each([320, 1440, 3840])("fits a screen %d px wide", async (width) => {
    await page.viewport(width, 800);
    const { element, open, bar, rendered } = await hardwareOf();
    await open();
    const dialog = find(element, "dialog").getBoundingClientRect();
    expect(dialog.left).toBeGreaterThanOrEqual(0);
    expect(dialog.right).toBeLessThanOrEqual(width);
    (find(element, "dialog") as HTMLDialogElement).close();
    await userEvent.keyboard("m");
    await rendered();
    const { left, right, bottom } = bar().getBoundingClientRect();
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(width);
    expect(bottom).toBeLessThanOrEqual(801);
  });
});
