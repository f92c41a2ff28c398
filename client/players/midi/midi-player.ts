/**
 * Plays on hardware: each instrument on its MIDI channel of one output port. Messages are held
 * back here and sent shortly ahead of their time, because a message once sent cannot be called
 * back everywhere (`MIDIOutput.clear` is missing in Chrome): note ons 200 ms ahead, more than a busy
 * page stalls; note offs 60 ms ahead, so that they can still move when the pitch is struck again.
 */
import type { Output } from "webmidi";
import { type Milliseconds, seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import {
  DRUM_CHANNEL,
  DRUMS,
  INSTRUMENTS,
  type Instrument,
  WRITTEN_PROGRAM,
} from "#music/instrument.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import { type MidiMessage, MidiNotes } from "./midi-notes.ts";

/** Calls `run` about every `interval`; the function returned ends it. */
export type Ticker = (run: () => void, interval: Milliseconds) => () => void;

/** The timer of the page. A hidden page slows it down: pass a worker's where that matters. */
export const pageTicker: Ticker = (run, interval) => {
  const timer = setInterval(run, interval);
  return () => clearInterval(timer);
};

/** Channels when nothing else is said: the instrument's id, the drums on theirs (both are 9). */
export const DEFAULT_CHANNELS: readonly number[] = INSTRUMENTS.map((_, id) =>
  id === DRUMS ? DRUM_CHANNEL : id,
);

/** Programs sent before an instrument's first note; none for drums. */
export const DEFAULT_PROGRAMS: readonly (number | undefined)[] = WRITTEN_PROGRAM.map(
  (program, id) => (id === DRUMS ? undefined : program),
);

/** What a MIDI player needs. */
export interface MidiPlayerOptions {
  readonly output: Output;
  readonly clock: AudioClock;
  /** Hears of a lost port, once. */
  readonly onFailure: (failure: Failure) => void;
  /** Channel 0-15 by instrument. */
  readonly channels?: readonly number[];
  /** GM program by instrument, undefined to leave the receiver's own choice. */
  readonly programs?: readonly (number | undefined)[];
  readonly ticker?: Ticker;
}

const ONS_AHEAD = 200; // milliseconds
const OFFS_AHEAD = 60;
const INTERVAL = 25 as Milliseconds;
const PROGRAM_CHANGE = 0xc0;
const CONTROL_CHANGE = 0xb0;
const ALL_NOTES_OFF = 123;

/** A player on one MIDI output port. */
export class MidiPlayer implements Player {
  readonly #output: Output;
  readonly #clock: AudioClock;
  readonly #onFailure: (failure: Failure) => void;
  readonly #channels: number[];
  readonly #programs: (number | undefined)[];
  readonly #notes = new MidiNotes();
  readonly #programSent = new Map<number, number>();
  readonly #channelsUsed = new Set<number>();
  readonly #stopTicking: () => void;
  #lost = false;
  #disposed = false;

  constructor(options: MidiPlayerOptions) {
    this.#output = options.output;
    this.#clock = options.clock;
    this.#onFailure = options.onFailure;
    this.#channels = [...(options.channels ?? DEFAULT_CHANNELS)];
    this.#programs = [...(options.programs ?? DEFAULT_PROGRAMS)];
    this.#stopTicking = (options.ticker ?? pageTicker)(() => this.pump(), INTERVAL);
  }

  /** Whether the port went away; a new player is needed when it comes back. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** Moves an instrument to another channel (0-15); what it sounds ends on the old one. */
  setChannel(instrument: Instrument, channel: number): void {
    if (this.#channels[instrument] === channel) return;
    this.silence(instrument);
    this.#channels[instrument] = channel;
  }

  /** The program an instrument asks for before its next note, or undefined for none. */
  setProgram(instrument: Instrument, program: number | undefined): void {
    this.#programs[instrument] = program;
  }

  play({ instrument, pitch, velocity, start, length }: TimedNote): void {
    if (this.#lost || this.#disposed) return;
    const now = this.#clock.performanceNow;
    const channel = this.#channels[instrument];
    this.#selectProgram(instrument, channel, now);
    const on = Math.max(this.#clock.toMilliseconds(start), now);
    const off = this.#clock.toMilliseconds(seconds(start + length));
    this.#channelsUsed.add(channel);
    this.#notes.add({ instrument, channel, pitch, velocity, on, off });
    this.pump();
  }

  /** Sends what is due. The ticker calls it; so may whoever drives the scheduler. */
  pump(): void {
    if (this.#lost || this.#disposed) return;
    // Asked for, as webmidi tells of a port that is pending to come back on no event of its own.
    if (this.#output.state === "disconnected") {
      this.#lose(undefined);
      return;
    }
    const now = this.#clock.performanceNow;
    this.#send(this.#notes.take(now, now + ONS_AHEAD, now + OFFS_AHEAD));
  }

  /** Ends the notes of one instrument, or of all; then also by "all notes off". */
  silence(instrument?: Instrument): void {
    if (this.#disposed) return;
    const now = this.#clock.performanceNow;
    const ends = this.#notes.end(now, instrument);
    if (this.#lost) return;
    if (instrument !== undefined) {
      this.#send(ends);
      return;
    }
    this.#output.clear();
    // Notes sent ahead begin later than now where `clear` does nothing: the last word comes after.
    const last = ends.reduce((time, message) => Math.max(time, message.time), now as number);
    const everything = [...this.#channelsUsed].map((channel) => {
      return { data: [CONTROL_CHANGE | channel, ALL_NOTES_OFF, 0], time: last as Milliseconds };
    });
    this.#send([...ends, ...everything]);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.silence();
    this.#disposed = true;
    this.#stopTicking();
  }

  #selectProgram(instrument: Instrument, channel: number, now: Milliseconds): void {
    const program = this.#programs[instrument];
    if (program === undefined || this.#programSent.get(channel) === program) return;
    this.#programSent.set(channel, program);
    this.#send([{ data: [PROGRAM_CHANGE | channel, program], time: now }]);
  }

  #send(messages: readonly MidiMessage[]): void {
    try {
      for (const { data, time } of messages) this.#output.send([...data], { time });
    } catch (cause) {
      this.#lose(cause);
    }
  }

  #lose(cause: unknown): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#notes.end(this.#clock.performanceNow);
    const lost = remark("midi-port-lost", { port: this.#output.name });
    this.#onFailure(new Failure("unavailable", lost, { cause }));
  }
}
