/**
 * The voices of one instrument, at most `limit` at once. When a new one finds no room, the voice
 * released longest ago is taken, else the oldest. A pitch struck again lets its last note go, as a
 * string or a key does, but not by another channel of a file or at the same time (a unison); percussion rings on, but for choke groups (closed hat ends open hat).
 */
import type { Voice } from "./voice.ts";

/** Keeps count of voices; all times are seconds on the context's clock. */
export class VoicePool {
  readonly #limit: number;
  #voices: Voice[] = [];

  /** @param limit the most voices at once, at least 1. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Voices that sound at `now`, releases included; not those still to begin. */
  count(now: number): number {
    return this.#voices.filter((voice) => voice.start <= now && voice.isAudibleAfter(now)).length;
  }

  /** Prepares for a voice that starts at `start`: frees the silent, restrikes, chokes, steals. */
  makeRoom(
    now: number,
    start: number,
    pitch: number | undefined,
    choke: number | undefined,
    channel?: object,
  ): void {
    this.#prune(now);
    const sounding = this.#voices.filter(
      (voice) => voice.start <= start && voice.isAudibleAfter(start),
    );
    for (const voice of sounding) {
      if (choke !== undefined && voice.choke === choke) voice.steal(start);
      else if (voice.pitch === pitch && voice.channel === channel && voice.start < start) {
        voice.releaseAt(start);
      }
    }
    const left = sounding.filter(
      (voice) => voice.isAudibleAfter(start + 0.2) || !voice.isReleasedAt(start),
    );
    const inOrder = [
      ...left.filter((voice) => voice.isReleasedAt(start)),
      ...left.filter((voice) => !voice.isReleasedAt(start)),
    ];
    for (const voice of inOrder.slice(0, Math.max(0, left.length - this.#limit + 1))) {
      voice.steal(start);
    }
  }

  /** Adds a voice; call `makeRoom` first. */
  add(voice: Voice): void {
    this.#voices.push(voice);
  }

  /** Lets go what sounds of a pitch at `now`; what is to begin later stays. */
  release(pitch: number, now: number): void {
    for (const voice of this.#voices)
      if (voice.pitch === pitch && voice.channel === undefined && voice.start <= now)
        voice.releaseAt(now);
  }

  /** Ends every voice at `now`, and those not begun never begin. */
  cut(now: number): void {
    for (const voice of this.#voices) voice.cut(now);
  }

  /** Cuts and frees every voice. */
  dispose(now: number): void {
    this.cut(now);
    for (const voice of this.#voices) voice.free();
    this.#voices = [];
  }

  #prune(now: number): void {
    if (this.#voices.every((voice) => voice.isAudibleAfter(now))) return;
    const [audible, silent]: [Voice[], Voice[]] = [[], []];
    for (const voice of this.#voices) (voice.isAudibleAfter(now) ? audible : silent).push(voice);
    for (const voice of silent) voice.free();
    this.#voices = audible;
  }
}
