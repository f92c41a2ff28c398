/** A player without sound: it remembers what it was given. */
import type { Seconds } from "#base/brand.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";

/** Records notes; `silence` cuts those that sound and drops those to come. */
export class SilentPlayer implements Player {
  /** Every note ever handed over, in that order. */
  readonly received: TimedNote[] = [];
  readonly #now: () => Seconds;
  #kept: TimedNote[] = [];

  /** @param now the audio time. */
  constructor(now: () => Seconds) {
    this.#now = now;
  }

  play(note: TimedNote): void {
    this.received.push(note);
    this.#kept.push(note);
  }

  release(instrument: Instrument, pitch: number): void {
    const now = this.#now();
    this.#kept = this.#kept.filter(
      (note) => note.instrument !== instrument || note.pitch !== pitch || note.start > now,
    );
  }

  /** Ends the notes of one instrument, or of all. */
  silence(instrument?: Instrument): void {
    this.#kept = this.#kept.filter(
      (note) => instrument !== undefined && note.instrument !== instrument,
    );
  }

  dispose(): void {
    this.silence();
  }

  /** The notes that sound now. */
  sounding(): TimedNote[] {
    const now = this.#now();
    return this.#kept.filter(({ start, length }) => start <= now && now < start + length);
  }
}
