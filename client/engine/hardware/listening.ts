/**
 * Finds what a synthesiser is like by listening to it through a microphone, in twenty seconds: how late it sounds, how much
 * louder than the page's own voice it is, and which keys of a drum machine sound. The page's own clicks are heard first:
 * microphone, air and loudspeaker are as late for the one as for the other, and the difference is the machine's own.
 */
import type { Seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import type { Remark } from "#base/remark.ts";
import { FARTHEST_LATENCY } from "#engine/jam/port-settings.ts";
import type { ClickPlace } from "./calibration.ts";
import { heardLatency } from "./heard-latency.ts";
import { type HeardSound, SoundMemory } from "./heard-sound.ts";
import { median } from "./median.ts";
import { levelOf, soundStarts } from "./sound-starts.ts";

/** A sound that is listened to: a click, a note of the instrument, or a key of the drums by its pitch. */
export type TestSound = "click" | "note" | number;

/** What is shown of it. */
export type ListeningState =
  | { readonly phase: "idle" | "asking" }
  /** Seconds until it is over. */
  | { readonly phase: ClickPlace | "keys"; readonly left: number }
  | {
      readonly phase: "found";
      /** Milliseconds, to be set for the port; half of the sounds lie within the second. */
      readonly latency: number;
      readonly spread: number;
      /** Decibels above the page's own voice; undefined where that is not heard. */
      readonly louder: number | undefined;
      /** GM percussion keys that were tried, and that were not heard; undefined where no drums were. */
      readonly keys:
        | { readonly tried: readonly number[]; readonly silent: readonly number[] }
        | undefined;
    }
  /** The page's own voice was not heard, or the port was not, or it is later than can be made good. */
  | { readonly phase: "failed"; readonly why: "voice" | "port" | "range" }
  /** There is no microphone to listen with. */
  | { readonly phase: "refused"; readonly message: Remark };

/** Whether sounds are played and listened to. */
export const isListening = (
  state: ListeningState | undefined,
): state is Extract<ListeningState, { left: number }> => state !== undefined && "left" in state;

/** What sounds are played with. */
export interface ListeningParts {
  readonly play: (place: ClickPlace, sound: TestSound, at: Seconds) => void;
  /** Milliseconds by which the port is sent its messages sooner already. */
  readonly latency: () => number;
  /** GM percussion keys to try; undefined where the instrument is not the drums. */
  readonly keys: () => readonly number[] | undefined;
}

/** Sounds of the page, and of the port. */
const VOICE: readonly TestSound[] = [...Array(7).fill("click"), ...Array(3).fill("note")];
const PORT: readonly TestSound[] = Array(8).fill("note");
/** Seconds from one to the next, by turns, so that a delay is told from the next one's. */
const INTERVALS = [0.62, 0.75, 0.68, 0.81];
/** Seconds from one key to the next, and once more for those that were not heard: others ring. */
const KEY_INTERVALS = [[0.3], [0.6]] as const;
/** Seconds that sounds are handed over ahead, before the first one, after the last, and until a microphone counts as mute. */
const AHEAD = 0.3;
const LEAD_IN = 0.8;
const RINGING = 0.9;
const PATIENCE = 1;
/** Seconds: delays that are looked for, of the page's own clicks and around those for the port; what keys may differ by. */
const HEARD = [-0.02, 0.55] as const;
const AROUND = 0.42;
const KEY_AROUND = 0.04;
/** Seconds of a sound that its level is taken of. */
const BODY = 0.25;

/** Sounds that are played one after the other. */
interface Round {
  readonly phase: ClickPlace | "keys";
  readonly sounds: readonly { readonly sound: TestSound; readonly at: Seconds }[];
  readonly intervals: readonly number[];
  readonly until: number;
  handed: number;
}

/** See the header. `tick` is called often. */
export class Listening {
  readonly changed = new Emitter<ListeningState>();
  readonly #parts: ListeningParts;
  readonly #memory = new SoundMemory();
  #state: ListeningState = { phase: "idle" };
  #round: Round | undefined;
  /** Of the page's own voice: seconds of its clicks, decibels of its notes where they are heard. */
  #voice = { late: 0, spread: 0, level: undefined as number | undefined };
  #found: Extract<ListeningState, { phase: "found" }> | undefined;
  /** Seconds after which the port's sounds are heard. */
  #late = 0;

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  get state(): ListeningState {
    return this.#state;
  }

  /** The microphone is asked for. */
  ask(): void {
    this.#end({ phase: "asking" });
  }

  /** There is none. */
  refuse(message: Remark): void {
    this.#end({ phase: "refused", message });
  }

  start(now: Seconds): void {
    this.#enter("voice", VOICE, INTERVALS, now);
  }

  stop(): void {
    if (this.#state.phase !== "idle") this.#end({ phase: "idle" });
  }

  /** The microphone heard something. */
  hear(block: HeardSound): void {
    if (this.#round !== undefined) this.#memory.add(block);
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    const round = this.#round;
    if (round === undefined) return;
    const { sounds, phase, until } = round;
    for (; round.handed < sounds.length; round.handed++) {
      const { sound, at } = sounds[round.handed];
      if (at > now + AHEAD) break;
      this.#parts.play(phase === "voice" ? "voice" : "port", sound, at);
    }
    const left = Math.max(0, Math.ceil(until - now));
    if (isListening(this.#state) && this.#state.left !== left) this.#set({ phase, left });
    if (now > until && (this.#memory.until >= until || now > until + PATIENCE))
      this.#finish(round, now);
  }

  #enter(
    phase: Round["phase"],
    played: readonly TestSound[],
    intervals: readonly number[],
    now: Seconds,
  ): void {
    let at = now + LEAD_IN;
    const sounds = played.map((sound, index) => {
      const here = at as Seconds;
      at += intervals[index % intervals.length];
      return { sound, at: here };
    });
    const until = sounds[sounds.length - 1].at + RINGING;
    this.#memory.clear();
    this.#round = { phase, sounds, intervals, until, handed: 0 };
    this.#set({ phase, left: Math.ceil(until - now) });
  }

  #finish(round: Round, now: Seconds): void {
    if (round.phase === "voice") this.#finishVoice(round, now);
    else if (round.phase === "port") this.#finishPort(round, now);
    else this.#finishKeys(round, now);
  }

  #finishVoice(round: Round, now: Seconds): void {
    const starts = this.#starts(round);
    const heard = heardLatency(timesOf(round, "click"), starts, HEARD);
    if (heard === undefined) this.#end({ phase: "failed", why: "voice" });
    else {
      const notes = heardLatency(timesOf(round, "note"), starts, HEARD);
      this.#voice = { ...heard, level: notes && this.#levelAt(notes.heard) };
      this.#enter("port", PORT, INTERVALS, now);
    }
  }

  #finishPort(round: Round, now: Seconds): void {
    const voice = this.#voice;
    const around = [voice.late - AROUND, voice.late + AROUND] as const;
    const heard = heardLatency(timesOf(round, "note"), this.#starts(round), around);
    if (heard === undefined) {
      this.#end({ phase: "failed", why: "port" });
      return;
    }
    const latency = Math.round(this.#parts.latency() + 1000 * (heard.late - voice.late));
    if (Math.abs(latency) > FARTHEST_LATENCY) {
      this.#end({ phase: "failed", why: "range" });
      return;
    }
    this.#late = heard.late;
    const tried = this.#parts.keys();
    this.#found = {
      ...{ phase: "found", latency },
      spread: Math.round(1000 * Math.hypot(heard.spread, voice.spread)),
      louder: voice.level && Math.round(this.#levelAt(heard.heard) - voice.level),
      keys: tried === undefined ? undefined : { tried, silent: tried },
    };
    if (tried === undefined || tried.length === 0) this.#end(this.#found);
    else this.#enter("keys", tried, KEY_INTERVALS[0], now);
  }

  /** Keys that were not heard are tried once more, slower. */
  #finishKeys(round: Round, now: Seconds): void {
    const found = this.#found!;
    const starts = this.#starts(round);
    const silent = round.sounds
      .filter(({ at }) => !starts.some((start) => Math.abs(start - at - this.#late) < KEY_AROUND))
      .map(({ sound }) => sound as number);
    this.#found = { ...found, keys: { tried: found.keys!.tried, silent } };
    if (round.intervals === KEY_INTERVALS[0] && silent.length > 0)
      this.#enter("keys", silent, KEY_INTERVALS[1], now);
    else this.#end(this.#found);
  }

  /** Where sounds of a round begin, on the audio clock. */
  #starts(round: Round): number[] {
    const from = round.sounds[0].at - LEAD_IN;
    const heard = this.#memory.between(from, round.until);
    return soundStarts(heard, this.#memory.rate).map((start) => from + start);
  }

  /** How loud sounds are that begin at some times, decibels. */
  #levelAt(times: readonly number[]): number {
    const { rate } = this.#memory;
    return median(times.map((at) => levelOf(this.#memory.between(at, at + BODY), rate)));
  }

  #end(state: ListeningState): void {
    this.#round = undefined;
    this.#memory.clear();
    this.#set(state);
  }

  #set(state: ListeningState): void {
    this.#state = state;
    this.changed.emit(state);
  }
}

/** When a sound was played in a round, each time. */
const timesOf = ({ sounds }: Round, wanted: TestSound): Seconds[] =>
  sounds.filter(({ sound }) => sound === wanted).map(({ at }) => at);
