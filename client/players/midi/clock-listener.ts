/**
 * The one input whose MIDI clock the music follows: its messages go to the follower, what that knows comes out on the
 * audio clock. One source only: two mixed drift against each other.
 */
import type { Input, MessageEvent } from "webmidi";
import { milliseconds, type Seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import type { OuterClock } from "#engine/play/outer-clock.ts";
import type { AudioClock } from "#players/audio-clock.ts";
import { ClockFollower } from "./clock-in.ts";
import { CLOCK } from "./midi-message.ts";

/** What is heard of the clock. */
export interface ClockListening {
  /** Name of the input; undefined where the music has its own tempo. */
  readonly source: string | undefined;
  /** Quarter notes a minute as shown; undefined while nothing is heard. */
  readonly tempo: number | undefined;
  /** By how much that may be off, in tenths. */
  readonly tempoOff: number;
  readonly locked: boolean;
}

const inTenths = (tempo: number): number => Math.round(10 * tempo) / 10;

/** Listens to one input. `pump` must be called about every 25 ms. */
export class ClockListener implements OuterClock {
  /** Fires after every change of `state` that can be seen. */
  readonly changed = new Emitter<ClockListening>();
  /** The sender began, or stopped, to play. */
  readonly played = new Emitter<boolean>();
  readonly #clock: AudioClock;
  readonly #find: (name: string) => Input | undefined;
  #source: string | undefined;
  #input: Input | undefined;
  #follower = new ClockFollower();
  #state: ClockListening = { source: undefined, tempo: undefined, tempoOff: 0, locked: false };

  /** @param find the input of a name, or undefined while there is none */
  constructor(clock: AudioClock, find: (name: string) => Input | undefined) {
    this.#clock = clock;
    this.#find = find;
  }

  get state(): ClockListening {
    return this.#state;
  }

  /** Listens to another input from now on; undefined to none. */
  choose(source: string | undefined): void {
    this.#source = source;
    this.#listen(undefined);
    this.pump();
  }

  /** Sees whether the input went or came, and tells what is heard. */
  pump(): void {
    const found = this.#source === undefined ? undefined : this.#find(this.#source);
    if (found !== this.#input) this.#listen(found);
    const { tempo, tempoOff, locked, ticking } = this.#follower.at(this.#clock.performanceNow);
    const shown = ticking && tempo !== undefined ? inTenths(tempo) : undefined;
    const off = shown === undefined ? 0 : inTenths(tempoOff);
    const state = { source: this.#source, tempo: shown, tempoOff: off, locked };
    const before = this.#state;
    this.#state = state;
    const same =
      before.source === state.source &&
      before.tempo === shown &&
      before.tempoOff === off &&
      before.locked === locked;
    if (!same) this.changed.emit(state);
  }

  tempo(now: Seconds): number | undefined {
    const { locked, tempo } = this.#follower.at(this.#clock.toMilliseconds(now));
    return locked ? tempo : undefined;
  }

  quarterAt(time: Seconds): number | undefined {
    const { playing } = this.#follower.at(this.#clock.performanceNow);
    return playing ? this.#follower.quarterAt(this.#clock.toMilliseconds(time)) : undefined;
  }

  #listen(input: Input | undefined): void {
    this.#input?.removeListener("midimessage", this.#hear);
    this.#input = input;
    this.#follower = new ClockFollower();
    input?.addListener("midimessage", this.#hear);
  }

  readonly #hear = ({ message, timestamp }: MessageEvent) => {
    const [status, low, high] = message.rawData;
    switch (status) {
      case CLOCK.tick:
        this.#follower.tick(milliseconds(timestamp));
        break;
      case CLOCK.start:
        this.#follower.start();
        this.played.emit(true);
        break;
      case CLOCK.continue:
        this.#follower.continue();
        this.played.emit(true);
        break;
      case CLOCK.stop:
        this.#follower.stop();
        this.played.emit(false);
        break;
      case CLOCK.songPosition:
        this.#follower.locate(low + 128 * high);
        break;
      default: // other messages are for others
    }
  };
}
