/**
 * The live band: Tone's voices on the page's audio output. The native AudioContext is made here and
 * handed to Tone, because the context Tone makes by itself lacks `getOutputTimestamp` and
 * `outputLatency`. Tone's own lookahead is 0: the scheduler looks ahead, keys must not wait.
 */
import { Context, getContext, setContext } from "tone";
import type { Seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { Touch } from "#engine/hardware/touch.ts";
import type { ClickVoice } from "#engine/play/metronome.ts";
import type { Player, TimedNote } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import { AudioClock } from "#players/audio-clock.ts";
import { Band } from "#sound/band.ts";
import { ClickSounds } from "#sound/click-sounds.ts";
import type { Kit } from "#sound/kit.ts";
import type { FetchBytes } from "#sound/sample-bank.ts";
import { SoundWatch } from "./sound-watch.ts";

/** Contexts of players, as opposed to the one Tone makes when it is imported. */
const ours = new WeakSet<object>();

/** Plays through the loudspeakers. Suspended until `unlock` is called in a user's gesture. */
export class TonePlayer implements Player {
  /** The mixer: strips, loading, volume. */
  readonly band: Band;
  /** The metronome's voice. */
  readonly clicks: ClickVoice;
  /** Audio time, and its place on the performance clock. */
  readonly clock: AudioClock;
  /** Brings the sound back when the system has taken it away. */
  readonly watch: SoundWatch;
  readonly #native: AudioContext;
  readonly #context: Context;
  #disposed = false;

  /**
   * @param fetchBytes reads a file of the kit @param sink id of the output it sounds on, the system's own where undefined
   * @throws Failure where there is no Web Audio
   */
  constructor(kit: Kit, fetchBytes: FetchBytes, sink?: string) {
    if (typeof AudioContext === "undefined") {
      throw new Failure("unsupported", remark("no-web-audio", {}));
    }
    // TypeScript does not know the option yet.
    const output = sink === undefined ? {} : { sinkId: sink };
    this.#native = new AudioContext({ latencyHint: "interactive", ...output });
    this.#context = new Context({ context: this.#native, lookAhead: 0 });
    const before = getContext();
    setContext(this.#context, !ours.has(before));
    ours.add(this.#context);
    this.clock = new AudioClock(this.#native);
    this.watch = new SoundWatch(this.#native);
    this.band = new Band(this.#context, kit, fetchBytes);
    this.band.output.connect(this.#native.destination);
    this.clicks = new ClickSounds(this.#native, this.#native.destination);
  }

  /** The audio time now. */
  get now(): Seconds {
    return this.clock.now;
  }

  /** The native context, for recorders and analysers. */
  get context(): AudioContext {
    return this.#native;
  }

  /** Lets the sound out; call it inside a user's gesture. Resolves when the clock runs, rejects with `Failure`. */
  async unlock(): Promise<void> {
    await this.watch.unlock();
  }

  /** Loads an instrument's samples; it plays synthesised until then. Rejects with `Failure`. */
  load(instrument: Instrument): Promise<void> {
    return this.band.load(instrument);
  }

  /** Meter of an instrument, 0-1. */
  level(instrument: Instrument): number {
    return Math.min(1, this.band.strip(instrument).meter());
  }

  play(note: TimedNote): void {
    if (!this.#disposed) this.band.play(note);
  }

  release(instrument: Instrument, pitch: number): void {
    if (!this.#disposed) this.band.release(instrument, pitch);
  }

  /** A human touches the notes they hold on an instrument: all, or those of one pitch. */
  touch(instrument: Instrument, touch: Touch, pitch?: number): void {
    if (!this.#disposed) this.band.touch(instrument, touch, pitch);
  }

  /** Ends the notes of one instrument, or of all. */
  silence(instrument?: Instrument): void {
    if (!this.#disposed) this.band.silence(instrument);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.band.dispose();
    this.#context.dispose(); // closes the native context too
  }
}
