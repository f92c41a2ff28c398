/** Tests of MIDI players: a clock moved by hand and a port that writes down what it gets. */
import { Output, WebMidi } from "webmidi";
import { type Milliseconds, seconds } from "#base/brand.ts";
import type { Failure } from "#base/failure.ts";
import { type MidiRoute, midiRoute } from "#engine/jam/route.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { AudioClock } from "../audio-clock.ts";
import { MidiPlayer, type MidiPlayerOptions } from "../midi/midi-player.ts";
import { FakeMidiOutput, soundingAt } from "./fake-midi.ts";
import type { Stage } from "./player-contract.ts";

/** Milliseconds on the performance clock at audio time 0. */
export const EPOCH = 5000;

const audioClockOf = (milliseconds: () => number, latency: number): AudioClock =>
  new AudioClock(
    {
      state: "running",
      get currentTime() {
        return milliseconds() / 1000;
      },
      getOutputTimestamp: () => ({
        contextTime: milliseconds() / 1000,
        performanceTime: EPOCH + milliseconds() + latency,
      }),
    },
    () => EPOCH + milliseconds(),
  );

/** Audio and performance time, moved by hand; tickers run as time passes. */
export class HandClock {
  readonly #runs = new Set<{ run: () => void; interval: number; next: number }>();
  #milliseconds = 0;
  readonly audio: AudioClock;

  /** @param latency milliseconds until what is given to the output now is heard */
  constructor(latency = 0) {
    this.audio = audioClockOf(() => this.#milliseconds, latency);
  }

  /** The audio time. */
  readonly now = () => seconds(this.#milliseconds / 1000);

  /** The performance time. */
  readonly performanceNow = () => EPOCH + this.#milliseconds;

  readonly ticker = (run: () => void, interval: Milliseconds) => {
    const entry = { run, interval, next: this.#milliseconds + interval };
    this.#runs.add(entry);
    return () => this.#runs.delete(entry);
  };

  /** Lets `duration` seconds pass in which nothing runs. */
  readonly stall = (duration: number) => {
    this.#milliseconds += Math.round(duration * 1000);
    for (const entry of this.#runs) entry.next = Math.max(entry.next, this.#milliseconds);
  };

  /** Lets `duration` seconds pass, from one tick that is due to the next. */
  readonly pass = async (duration: number) => {
    const end = this.#milliseconds + Math.round(duration * 1000);
    while (this.#milliseconds < end) {
      const due = Math.min(end, ...[...this.#runs].map(({ next }) => next));
      this.#milliseconds = Math.max(due, this.#milliseconds);
      for (const entry of this.#runs) {
        if (entry.next > this.#milliseconds) continue;
        entry.next += entry.interval;
        entry.run();
      }
      if (due >= end) return;
    }
  };
}

WebMidi.validation = false; // as MidiAccess sets it

/** A route to the stage's port. */
export const routeTo = (instrument: Instrument, change: Partial<MidiRoute> = {}): MidiRoute =>
  midiRoute(instrument, "Synth a", change);

/** A MIDI player on a fake port. */
export interface MidiStage extends Stage {
  readonly player: MidiPlayer;
  readonly clock: HandClock;
  readonly port: FakeMidiOutput;
  readonly failures: Failure[];
}

/** Puts a MIDI player on a stage, every instrument on its own channel; the port is there from the beginning. */
export function midiStage(
  options: Partial<MidiPlayerOptions> = {},
  clock = new HandClock(),
): MidiStage {
  const port = new FakeMidiOutput("a", clock.performanceNow);
  port.connection = "open";
  const failures: Failure[] = [];
  const output = new Output(port as unknown as ConstructorParameters<typeof Output>[0]);
  const player = new MidiPlayer({
    port: port.name,
    find: () => output,
    clock: clock.audio,
    latency: () => 0,
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  clock.ticker(() => player.pump(), 25 as Milliseconds);
  for (const instrument of INSTRUMENTS.keys()) player.assign(instrument, routeTo(instrument));
  return {
    ...{ player, clock, port, failures },
    now: clock.now,
    pass: clock.pass,
    sounding: () => soundingAt(port.received, clock.performanceNow()).size,
    strike: async () => player.dispose(),
  };
}
