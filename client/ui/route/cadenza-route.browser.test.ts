import { describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { CalibrationState } from "#engine/hardware/calibration.ts";
import type { ListeningState } from "#engine/hardware/listening.ts";
import { parseMachine } from "#engine/jam/machine.ts";
import { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { midiRoute } from "#engine/jam/route.ts";
import type { CalibrationLike, ClockSourceLike, ListeningLike } from "../surface-model.ts";
import { namelessControls } from "../testing/accessibility.ts";
import { FakeSession } from "../testing/fake-session.ts";
import { FakeMidiPorts } from "../testing/fake-studio.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-route.ts";

const BASS = 2;
const DRUMS = 9;

async function routeOf(instrument: number) {
  const session = new FakeSession();
  const midi = new FakeMidiPorts();
  midi.set({ status: "granted", outputs: [{ name: "Digitakt" }, { name: "Prophet" }] });
  const portSettings = new PortSettingsBoard();
  const mounted = await mount("cadenza-route", { session, midi, portSettings });
  await mounted.element.show(instrument);
  await mounted.rendered();
  const rows = () => [
    ...mounted.element.shadowRoot!.querySelectorAll<HTMLSelectElement | HTMLInputElement>(
      "select, input",
    ),
  ];
  const row = (label: string) => {
    const found = rows().find((each) => each.labels?.[0].textContent?.includes(label));
    if (found === undefined) throw new Error(`no row ${label}`);
    return found;
  };
  const type = async (label: string, text: string) => {
    await userEvent.fill(row(label), text);
    await userEvent.keyboard("{Enter}");
    await mounted.rendered();
  };
  const route = () => session.state.strips[instrument].route;
  return { session, midi, portSettings, rows, row, type, route, ...mounted };
}

describe("cadenza-route", () => {
  it("sets all that a route may say, by keyboard alone", async () => {
    const { element, row, type, route, rendered } = await routeOf(BASS);
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    expect(route()).toEqual(midiRoute(BASS, "Prophet"));
    const program = () => (row("Program") as HTMLSelectElement).selectedOptions[0].text;
    expect(program()).toBe("33 Acoustic Bass");
    for (const [label, option] of [
      ["Channel", "12"],
      ["Sounds on", "the port and here"],
      ["Program", "the machine's own"],
      ["Velocities", "softer"],
      ["Lowest", "C2"],
      ["Highest", "C5"],
      ["Fader moves", "velocities"],
    ]) {
      await userEvent.selectOptions(row(label), option);
      await rendered();
    }
    await type("Bank", "129");
    await type("Transposed by", "-12");
    expect(route()).toEqual(
      midiRoute(BASS, "Prophet", {
        ...{ channel: 11, voiceToo: true, program: undefined, velocityCurve: "softer", bank: 129 },
        ...{ lowest: 36, highest: 72, mixing: "velocity", transposition: -12 },
      }),
    );
    expect(namelessControls(element)).toEqual([]);
  });

  it("gives notes a channel each, and their channel back", async () => {
    const { row, type, route, rendered } = await routeOf(BASS);
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    const firsts = ["A channel a note", "Program"].map(
      (label) => (row(label) as HTMLSelectElement).options[0].text,
    );
    expect(firsts).toEqual(["no", "the machine's own"]);
    await userEvent.selectOptions(row("A channel a note"), "yes, channel 16 speaks for all");
    await rendered();
    await type("Channels for notes", "5");
    expect(route()).toEqual(midiRoute(BASS, "Prophet", { channel: 15, noteChannels: 5 }));
    await userEvent.selectOptions(row("A channel a note"), "no");
    await rendered();
    expect(route()).toEqual(midiRoute(BASS, "Prophet"));
  });

  it("says whose channels are in the way, and makes room, by keyboard alone", async () => {
    const { element, session, find, row, route, rendered } = await routeOf(BASS);
    const [GUITAR, VIOLIN] = [1, 3];
    for (const other of [GUITAR, DRUMS])
      session.setStrip(other, { route: midiRoute(other, "Prophet") });
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    expect(find(".way").hidden).toBe(true);
    await userEvent.selectOptions(row("A channel a note"), "yes, channel 1 speaks for all");
    await rendered();
    expect(find(".way").textContent).toContain("Guitar and Drums play on channels");
    find(".room").focus();
    await userEvent.keyboard("{Enter}");
    await rendered();
    expect(find(".way").hidden).toBe(true);
    expect(element.shadowRoot!.activeElement).toBe(row("Machine")); // what comes next keeps the place
    expect(route()).toMatchObject({ channel: 0, noteChannels: 8 });
    expect(session.state.strips[GUITAR].route).toMatchObject({ channel: 10 });
    expect(session.state.strips[DRUMS].route).toEqual(midiRoute(DRUMS, "Prophet"));
    session.setStrip(VIOLIN, { route: midiRoute(VIOLIN, "Prophet", { channel: 10 }) });
    await element.show(GUITAR);
    await rendered();
    expect(find(".way").textContent).toContain("Violin asks for another sound on this channel");
  });

  it("takes nothing out of range, and lets the bank go again", async () => {
    const { row, type, route, rendered } = await routeOf(BASS);
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    await type("Transposed by", "99");
    expect(row("Transposed by").value).toBe("0");
    await type("Bank", "5");
    await type("Bank", "");
    expect(route()).toEqual(midiRoute(BASS, "Prophet"));
  });

  it("leaves a number alone while it is typed, whatever is rendered meanwhile", async () => {
    const { session, row, route, rendered } = await routeOf(BASS);
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    await userEvent.tripleClick(row("Transposed by"));
    for (const key of ["-", "1", "2"]) {
      await userEvent.keyboard(key);
      session.set({ phase: "playing" });
      await rendered();
    }
    await userEvent.keyboard("{Enter}");
    expect(route()).toMatchObject({ transposition: -12 });
  });

  it("sets how late the port sounds, for all that plays there", async () => {
    const { row, type, portSettings, rendered } = await routeOf(DRUMS);
    await userEvent.selectOptions(row("Output"), "Digitakt");
    await rendered();
    await type("Port sounds late by", "-35");
    await userEvent.selectOptions(row("Port hears the clock"), "yes");
    expect(portSettings.of("Digitakt")).toEqual({ latency: -35, clockOut: true });
    expect(() => row("Transposed by")).toThrow("no row");
  });

  it("sets a route up for a machine of its maker's manual, drums for machines with drum keys", async () => {
    const { element, row, route, rendered } = await routeOf(DRUMS);
    element.machines = {
      names: async () => [
        { id: "box", name: "Box 1", drums: true },
        { id: "keys", name: "Keys", drums: false },
      ],
      machine: async () => parseMachine({ name: "Box 1", drumKeys: { 36: 0 }, pitches: [0, 9] }),
    };
    await userEvent.selectOptions(row("Output"), "Digitakt");
    await element.show(DRUMS);
    await rendered();
    const list = row("Machine") as HTMLSelectElement;
    expect([...list.options].map(({ text }) => text)).toEqual(["none named", "Box 1"]);
    await userEvent.selectOptions(list, "Box 1");
    await expect.poll(route).toMatchObject({ machine: "Box 1", drumKeys: { 36: 0 }, highest: 9 });
  });

  it("says why no machine can be had", async () => {
    const { element, row, find, rendered } = await routeOf(BASS);
    element.machines = {
      names: async () => {
        throw new Failure("unavailable", "The server does not answer; try again.");
      },
      machine: async () => parseMachine({}),
    };
    await userEvent.selectOptions(row("Output"), "Digitakt");
    await element.show(BASS);
    await rendered();
    expect(find("[role=alert]").textContent).toContain("does not answer");
  });

  it("chooses whose tempo the music has, and tells what is heard", async () => {
    const { element, midi, row, find, rendered } = await routeOf(BASS);
    const changed = new Emitter<ClockSourceLike["state"]>();
    const clock = {
      state: {
        source: undefined,
        tempo: undefined,
        tempoOff: 0,
        locked: false,
      } as ClockSourceLike["state"],
      changed,
      choose: (source: string | undefined) =>
        clock.hear({ source, tempo: undefined, tempoOff: 0, locked: false }),
      hear: (state: ClockSourceLike["state"]) => {
        clock.state = state;
        changed.emit(state);
      },
    };
    element.clockSource = clock;
    midi.set({ inputs: [{ name: "Beatstep" }] });
    await rendered();
    await userEvent.selectOptions(row("Tempo"), "clock of Beatstep");
    await rendered();
    expect(find(".clock").textContent).toContain("No clock is heard");
    clock.hear({ source: "Beatstep", tempo: 121.2, tempoOff: 0.3, locked: true });
    await rendered();
    expect(find(".clock").textContent).toContain("Followed at 121.2 bpm, give or take 0.3.");
    clock.hear({ source: "Beatstep", tempo: 121.5, tempoOff: 0, locked: true });
    await rendered();
    expect(find(".clock").textContent).toContain("Followed at 121.5 bpm.");
    midi.set({ inputs: [] });
    await rendered();
    expect((row("Tempo") as HTMLSelectElement).selectedOptions[0].text).toContain("(away)");
    await userEvent.selectOptions(row("Tempo"), "the music's own");
    await rendered();
    expect(clock.state.source).toBeUndefined();
  });

  it("says what stands in the way of MIDI, and asks again", async () => {
    const { midi, find, rendered } = await routeOf(BASS);
    midi.set({ status: "unasked", outputs: [] });
    await rendered();
    expect(find(".standing").textContent).toContain("not asked for yet");
    midi.answer = { status: "refused", message: remark("midi-dismissed", {}) };
    find(".ask").click();
    await rendered();
    expect(find(".standing").textContent).toContain("closed without an answer");
    expect(find(".ask").textContent?.trim()).toBe("Ask again");
    find(".ask").click();
    expect(midi.requests).toBe(2);
    midi.set({ status: "missing", message: remark("midi-missing", { browser: "safari" }) });
    await rendered();
    expect(find(".standing").textContent).toContain("Safari has no Web MIDI");
    expect(find(".ask").hidden).toBe(true);
  });

  it("shows a port that is away, panics, and closes by Escape", async () => {
    const { element, session, row, find, rendered } = await routeOf(BASS);
    let panics = 0;
    element.panic = () => panics++;
    session.setStrip(BASS, { route: midiRoute(BASS, "Juno") });
    await rendered();
    const output = row("Output") as HTMLSelectElement;
    expect(output.selectedOptions[0].text).toBe("Juno (away)");
    find(".quiet").click();
    await userEvent.keyboard("{Escape}");
    expect([panics, find<HTMLDialogElement>("dialog").open]).toEqual([1, false]);
  });

  it("lets the music move controllers, by the names that a machine gives them", async () => {
    const { element, find, row, route, rendered } = await routeOf(BASS);
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    element.machines = {
      names: async () => [{ id: "p", name: "Sequential Prophet", drums: false }],
      machine: async () =>
        parseMachine({
          ...{ manufacturer: "Sequential", name: "Prophet" },
          controllers: [{ name: "Cutoff", controller: 23, fine: 55 }],
        }),
    };
    await element.show(BASS);
    await rendered();
    await userEvent.selectOptions(row("Machine"), "Sequential Prophet");
    await expect.poll(route).toMatchObject({ machine: "Sequential Prophet" });
    // A machine's programs are its own: the names of General MIDI would be wrong.
    expect((row("Program") as HTMLSelectElement).options[1].text).toBe("1");
    find(".drive").click();
    await rendered();
    await userEvent.selectOptions(row("Controller"), "Cutoff");
    await rendered();
    await userEvent.selectOptions(row("Moved 1 by"), "density");
    await rendered();
    const drive = { driver: "density", controller: 23, fine: 55, lowest: 32, highest: 112 };
    expect(route()).toMatchObject({ drives: [drive] });
    await userEvent.selectOptions(row("Moved 1 by"), "nothing");
    expect(route()).toMatchObject({ drives: [] });
  });

  it("listens to a drum machine by keyboard alone, says what it found or what is in the way", async () => {
    const { element, find, row, portSettings, route, rendered } = await routeOf(DRUMS);
    const calls: unknown[] = [];
    const listening = {
      state: { phase: "idle" } as ListeningState,
      changed: new Emitter<ListeningState>(),
      start: (instrument: number) => calls.push(instrument),
      stop: () => calls.push("stop"),
    } satisfies ListeningLike;
    const show = async (state: ListeningState) => {
      listening.state = state;
      listening.changed.emit(state);
      await rendered();
    };
    const said = () =>
      [...element.shadowRoot!.querySelectorAll<HTMLElement>("[role=status]:not([hidden])")]
        .map(({ textContent }) => textContent)
        .join(" ");
    const press = async (name: string) => {
      const buttons = [...element.shadowRoot!.querySelectorAll("button")];
      buttons.find(({ textContent }) => textContent?.includes(name))?.focus();
      await userEvent.keyboard("{Enter}");
      await rendered();
    };
    element.listening = listening;
    await userEvent.selectOptions(row("Output"), "Digitakt");
    await rendered();
    await press("with the microphone");
    await show({ phase: "asking" });
    expect(said()).toContain("allow it");
    await show({ phase: "keys", left: 12 });
    expect(said()).toContain("Listening to each key of the drums: 12 s");
    await userEvent.keyboard("{Escape}");
    expect(find<HTMLDialogElement>("dialog").open).toBe(true);
    await show({ phase: "refused", message: remark("microphone-forbidden", {}) });
    expect(said()).toContain("allow it for this page in its site settings");
    await show({ phase: "failed", why: "port" });
    expect(said()).toContain("does not hear the port");
    await show({
      ...{ phase: "found", latency: 23, spread: 1, louder: -6 },
      keys: { tried: [36, 37, 38], silent: [37] },
    });
    expect(said()).toContain("2 of 3 keys sound. Not heard: 37.");
    expect(said()).toContain("23 ms late, give or take 1 ms, and 6 dB quieter");
    await press("Leave those keys out");
    expect(route()).toMatchObject({ kind: "midi" });
    const { drumKeys } = route() as ReturnType<typeof midiRoute>;
    expect([drumKeys?.[36], drumKeys?.[37]]).toEqual([36, undefined]);
    await press("Set it");
    expect(portSettings.of("Digitakt").latency).toBe(23);
    expect(calls).toEqual([DRUMS, "stop", "stop"]);
  });

  it("finds how late a port sounds by taps, and sets it", async () => {
    const { element, find, row, portSettings, rendered } = await routeOf(BASS);
    const calls: unknown[] = [];
    const calibration = {
      state: { phase: "idle" } as CalibrationState,
      changed: new Emitter<CalibrationState>(),
      start: (instrument: number) => calls.push(instrument),
      stop: () => calls.push("stop"),
      tap: () => calls.push("tap") > 0,
    } satisfies CalibrationLike;
    const show = async (state: CalibrationState) => {
      calibration.state = state;
      calibration.changed.emit(state);
      await rendered();
    };
    element.calibration = calibration;
    await userEvent.selectOptions(row("Output"), "Prophet");
    await rendered();
    find(".calibrate").focus();
    await userEvent.keyboard("{Enter}");
    await show({ phase: "voice", taps: 0, clicksLeft: 19 });
    expect(element.shadowRoot!.activeElement?.textContent).toContain("Give up");
    await userEvent.keyboard(" ");
    find(".tap").dispatchEvent(new PointerEvent("pointerdown"));
    await show({ phase: "port", taps: 0, clicksLeft: 19 });
    await userEvent.keyboard("{Escape}");
    expect(find<HTMLDialogElement>("dialog").open).toBe(true);
    await show({ phase: "failed", why: "taps" });
    expect(element.shadowRoot!.activeElement).toBe(find(".calibrate"));
    expect(find(".calibrate").textContent).toMatch(/by tapping/);
    await show({ phase: "found", latency: 23, spread: 4 });
    const set = [...element.shadowRoot!.querySelectorAll("button")].find((button) =>
      button.textContent?.includes("Set it"),
    );
    set?.click();
    expect(portSettings.of("Prophet").latency).toBe(23);
    expect(calls).toEqual([BASS, "tap", "tap", "stop", "stop"]);
  });
});
