/**
 * Whatever happens, no port is left with a note that hangs: a jam on three ports under ten thousand random actions, and
 * a model of what each port's synthesiser sounds. What is played, muted, sent elsewhere, unplugged and broken is drawn
 * from a seed, so that a failure can be repeated.
 */

import { describe, expect, it } from "vitest";
import { Output, WebMidi } from "webmidi";
import { threefryWord } from "#base/random.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import { UNTOUCHED } from "#engine/hardware/touch.ts";
import type { StruckKey } from "#engine/jam/hand.ts";
import { firstPerformance, type Performance } from "#engine/jam/performance.ts";
import { midiRoute, type Route, VELOCITY_CURVES } from "#engine/jam/route.ts";
import { Session } from "#engine/jam/session.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { COMMON_TIME, OFFERED_METRES } from "#music/metre.ts";
import { MidiPlayer } from "./midi/midi-player.ts";
import { RoutingPlayer } from "./routing-player.ts";
import { BusySource } from "./testing/busy-source.ts";
import { FakeMidiOutput, soundingAt } from "./testing/fake-midi.ts";
import { HandClock } from "./testing/midi-stage.ts";
import { SilentPlayer } from "./testing/silent-player.ts";

const ACTIONS = 10_000;
/** Milliseconds; four seconds on a machine that has nothing else to do. */
const TIMEOUT = 300_000;
const CONTROLS = {
  ...usualValues(JAM_CONTROLS),
  ...USUAL_CHOICES,
  ...{ tempo: 140, metre: COMMON_TIME, lead: 0, drums: true, seed: 1, key: undefined },
};

WebMidi.validation = false;

/** The hardware: three ports with a synthesiser each, which sounds on while its port is away. */
class Desk {
  readonly clock = new HandClock();
  readonly ports = ["a", "b", "c"].map((id) => new FakeMidiOutput(id, this.clock.performanceNow));
  readonly #outputs = this.ports.map(
    (port) => new Output(port as unknown as ConstructorParameters<typeof Output>[0]),
  );

  readonly find = (name: string) => {
    const output = this.#outputs.find((known) => known.name === name);
    return output?.state === "connected" ? output : undefined;
  };

  /** What sounds on ports that are connected, or on all of them. */
  sounding(all = false): string[] {
    const now = this.clock.performanceNow();
    return this.ports
      .filter(({ state }) => all || state === "connected")
      .flatMap((port) => {
        const sounding = [...soundingAt(port.received, now)].map((note) => `${port.id}:${note}`);
        if (sounding.length === 0) port.received = port.received.filter(({ time }) => time > now);
        return sounding;
      });
  }
}

/** A page on that hardware; when it is gone nothing of it runs any more. */
class Page {
  readonly source = new BusySource();
  readonly routing: RoutingPlayer;
  readonly session: Session;
  readonly #close: () => void;
  #routes: readonly Route[] = [];

  constructor(desk: Desk, performance: Performance) {
    const { clock } = desk;
    this.routing = new RoutingPlayer(new SilentPlayer(clock.now), (port) => {
      const find = () => desk.find(port);
      return new MidiPlayer({
        port,
        find,
        clock: clock.audio,
        latency: () => 0,
        onFailure: () => undefined,
      });
    });
    this.session = new Session({
      source: this.source,
      player: this.routing,
      clock: clock.now,
      steadyClock: clock.now,
      unlock: async () => undefined,
      level: () => 0,
      controls: CONTROLS,
    });
    this.session.changed.on(() => this.#apply());
    this.session.perform(performance);
    this.session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
    const tick = () => {
      this.session.tick(clock.now());
      this.routing.pump();
    };
    this.#close = clock.ticker(tick, 25 as never);
    for (const port of desk.ports)
      port.access = { onstatechange: () => this.routing.refresh(port.name) } as never;
  }

  /** As the page does when it is hidden for good. */
  leave(): void {
    this.session.stop();
    this.routing.silence();
  }

  panic(): void {
    this.leave();
    this.routing.panic();
  }

  /** Gone without a word. */
  vanish(): void {
    this.#close();
  }

  #apply(): void {
    const { strips } = this.session.performance;
    for (const [instrument, { route, muted, level, pan }] of strips.entries()) {
      this.routing.setAudible(instrument, !muted);
      if (this.#routes[instrument] !== route) this.routing.setRoute(instrument, route);
      this.routing.setMix(instrument, { level, pan });
    }
    this.#routes = strips.map(({ route }) => route);
  }
}

describe("ten thousand random actions on three ports", () => {
  it.each([1, 2])(
    "leave no note hanging (seed %i)",
    async (seed) => {
      const desk = new Desk();
      let page = new Page(desk, firstPerformance(CONTROLS));
      let drawn = 0;
      const below = (count: number) => (threefryWord(seed, 1, drawn++, 0) >>> 0) % count;
      const any = <T>(values: readonly T[]): T => values[below(values.length)];
      const reload = async () => {
        const { performance } = page.session;
        page.vanish();
        await desk.clock.pass(0.4);
        page = new Page(desk, performance);
      };
      /** Keys that are held. */
      const down: Pick<StruckKey, "instrument" | "pitch">[] = [];
      const strip = () => below(INSTRUMENTS.length);
      /** Each once, or as often as it is likelier than the others. */
      const actions: (readonly [name: string, act: () => unknown])[] = [
        ...Array(6).fill(["play", () => page.session.play()] as const),
        [
          "stop",
          () => {
            page.session.stop();
            for (const key of down.splice(0)) page.session.keys.release(key);
          },
        ],
        ["start over", () => page.session.startOver()],
        ["mute", () => page.session.setStrip(strip(), { muted: true })],
        ["unmute", () => page.session.setStrip(strip(), { muted: false })],
        [
          "level",
          () => page.session.setStrip(strip(), { level: below(11) / 10, pan: below(3) - 1 }),
        ],
        ["to voice", () => page.session.setStrip(strip(), { route: { kind: "voice" } })],
        ...Array(4).fill([
          "to port",
          () => {
            const instrument = strip();
            const route = midiRoute(instrument, any(desk.ports).name, {
              ...any([
                { channel: below(4) },
                { channel: any([0, 15]), noteChannels: 1 + below(4) },
              ]),
              voiceToo: below(4) === 0,
              transposition: 12 * (below(3) - 1),
              velocityCurve: any(VELOCITY_CURVES),
              mixing: any(["controllers", "velocity"]),
            });
            page.session.setStrip(instrument, { route });
          },
        ] as const),
        [
          "key",
          () => {
            const key = { instrument: strip(), pitch: 50 + below(20) };
            page.session.keys.press({ ...key, velocity: 90 });
            page.routing.touch(key.instrument, { ...UNTOUCHED, bend: below(3) }, key.pitch);
            if (below(4) > 0) page.session.keys.release(key);
            else down.push(key);
          },
        ],
        ["rule", () => page.session.setControls({ lead: below(9), drums: below(2) === 0 })],
        ["metre", () => page.session.setControls({ metre: any(OFFERED_METRES) })],
        ["tempo", () => page.session.setControls({ tempo: 60 + below(200) })],
        ["unplug", () => any(desk.ports).unplug()],
        ...Array(2).fill(["plug in", () => any(desk.ports).plugIn()] as const),
        ["hidden", () => page.leave()],
        ["panic", () => page.panic()],
        [
          "worker crash",
          () => {
            page.source.failed.emit(new Error("the worker broke"));
            return reload();
          },
        ],
        [
          "reload",
          () => {
            page.leave();
            return reload();
          },
        ],
        ["page crash", () => reload()],
      ];
      const silencing = new Set(["stop", "hidden", "panic", "worker crash", "reload"]);
      const told = new Map<string, number>();
      for (let count = 0; count < ACTIONS; count++) {
        const [name, act] = any(actions);
        await act();
        told.set(name, (told.get(name) ?? 0) + 1);
        const looks = silencing.has(name) && below(4) === 0;
        await desk.clock.pass((looks ? 250 : below(120)) / 1000);
        if (looks) expect(desk.sounding(), `after ${count} actions, the last: ${name}`).toEqual([]);
      }
      expect(told.size).toBe(new Set(actions.map(([name]) => name)).size);
      page.leave();
      await desk.clock.pass(0.25);
      for (const port of desk.ports) port.plugIn();
      await desk.clock.pass(0.25);
      expect(desk.sounding(true)).toEqual([]);
    },
    TIMEOUT,
  );
});
