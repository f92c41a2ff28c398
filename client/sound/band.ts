/**
 * The band: twelve strips, their voices, one room, one limiter. The same graph plays live and
 * renders offline; it holds no clock, no chance and no compressor, so page and Node agree.
 *
 *   voices -> strip (fader, pan) -> bus -> limiter -> volume -> output
 *                    \-> send -> room ---^
 */
import { type BaseContext, Gain } from "tone";
import { assert } from "#base/assert.ts";
import { Disposer } from "#base/disposer.ts";
import type { Touch } from "#engine/hardware/touch.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { Expression } from "#music/midi/performance.ts";
import { ChannelStrip } from "./channel-strip.ts";
import { ExpressionStrip } from "./expression-strip.ts";
import type { Kit } from "./kit.ts";
import { LIMITER_RANGE, limiterCurve } from "./limiter.ts";
import { Room } from "./room.ts";
import { type FetchBytes, SampleBank } from "./sample-bank.ts";
import { SynthBank } from "./synth-bank.ts";
import { TouchStrip } from "./touch-strip.ts";
import { Voice } from "./voice.ts";
import { VoicePool } from "./voice-pool.ts";

/** Level of the whole band before the limiter: a full band at forte just touches the knee. */
const BUS_GAIN = 0.85;
/** A note is heard for this long at least, seconds. */
const SHORTEST = 0.03;

/** Twelve instruments on one audio context. Connect `output` to hear it. */
export class Band {
  /** The finished sound, stereo, below 1 in amplitude. */
  readonly output: AudioNode;
  readonly #context: BaseContext;
  readonly #kit: Kit;
  readonly #samples: SampleBank;
  readonly #synth: SynthBank;
  readonly #strips: readonly ChannelStrip[];
  readonly #pools: readonly VoicePool[];
  /** By instrument, what a file's channels do to it. */
  readonly #expressionStrips: readonly Map<Expression, ExpressionStrip>[];
  /** By instrument, what a human does to the notes they hold. */
  readonly #touchStrips = new Map<Instrument, TouchStrip>();
  readonly #room: Room;
  readonly #volume: GainNode;
  readonly #disposer = new Disposer();

  /** @param fetchBytes reads a file of the kit by its name. The context stays the caller's. */
  constructor(context: BaseContext, kit: Kit, fetchBytes: FetchBytes) {
    this.#context = context;
    this.#kit = kit;
    const raw = context.rawContext as BaseAudioContext;
    this.#samples = new SampleBank(raw, kit, fetchBytes);
    this.#synth = new SynthBank(raw);

    const bus = new Gain({ context, gain: BUS_GAIN / LIMITER_RANGE });
    const limiter = context.createWaveShaper();
    limiter.curve = limiterCurve();
    limiter.oversample = "none";
    this.#volume = context.createGain();
    this.#room = new Room(context, bus);
    bus.connect(limiter);
    limiter.connect(this.#volume);
    this.output = this.#volume;
    this.#disposer.add(() => {
      this.#room.dispose();
      bus.dispose();
      limiter.disconnect();
      this.#volume.disconnect();
    });
    const outputs = { band: bus, room: this.#room.input };
    const onChange = () => this.#decideAudible();
    this.#strips = kit.instruments.map(
      (entry) => new ChannelStrip(context, entry, outputs, onChange, this.#disposer),
    );
    this.#expressionStrips = kit.instruments.map(() => new Map());
    this.#pools = kit.instruments.map(({ polyphony }) => new VoicePool(polyphony));
  }

  /** Volume of everything, a factor 0-1 after the limiter. */
  get volume(): number {
    return this.#volume.gain.value;
  }
  set volume(gain: number) {
    this.#volume.gain.value = Math.min(1, Math.max(0, gain));
  }

  /** Loads an instrument's samples; until then it plays synthesised. Rejects with `Failure`. */
  load(instrument: Instrument): Promise<void> {
    return this.#samples.load(instrument);
  }

  /** Whether an instrument plays its samples. */
  isLoaded(instrument: Instrument): boolean {
    return this.#samples.isLoaded(instrument);
  }

  /** The mixing strip of an instrument. */
  strip(instrument: Instrument): ChannelStrip {
    assert(
      this.#strips[instrument],
      `instrument ${instrument}, expected 0-${INSTRUMENTS.length - 1}`,
    );
    return this.#strips[instrument];
  }

  /** Voices that sound now, releases included, of one instrument or of all. */
  voiceCount(instrument?: Instrument): number {
    const pools = instrument === undefined ? this.#pools : [this.#pools[instrument]];
    return pools.reduce((sum, pool) => sum + pool.count(this.#now), 0);
  }

  /** Plays a note at its time on the context's clock; a start in the past sounds at once. */
  play(note: TimedNote): void {
    const { instrument, pitch, velocity } = note;
    const entry = this.#kit.instruments[instrument];
    assert(entry, `instrument ${instrument}, expected 0-${INSTRUMENTS.length - 1}`);
    const now = this.#now;
    const start = Math.max(note.start, now);
    const ends = Math.max(note.start + note.length, start + SHORTEST);
    const sound =
      this.#samples.sound(instrument, pitch, velocity) ??
      this.#synth.sound(instrument, pitch, velocity);
    const pool = this.#pools[instrument];
    const { expression } = note;
    const own = this.#ownStrip(note);
    pool.makeRoom(now, start, entry.oneShot ? undefined : pitch, sound.choke, expression);
    const voice = new Voice(this.#context, own?.input ?? this.strip(instrument).input, sound, {
      pitch,
      gain: (velocity / 127) ** this.#kit.velocityExponent,
      start,
      end: entry.oneShot ? Number.POSITIVE_INFINITY : ends,
      release: entry.release,
      transposed: !entry.oneShot,
      ...(expression && { channel: expression }),
      ...(own?.detune && !entry.oneShot && { detune: { signal: own.detune, lowest: own.lowest } }),
    });
    pool.add(voice);
  }

  /** A human touches the notes they hold on an instrument: all, or those of one pitch. */
  touch(instrument: Instrument, touch: Touch, pitch?: number): void {
    this.#touchStrip(instrument).touch(touch, pitch);
  }

  /** Lets go what sounds of a pitch now; percussion rings out. */
  release(instrument: Instrument, pitch: number): void {
    if (!this.#kit.instruments[instrument].oneShot)
      this.#pools[instrument].release(pitch, this.#now);
  }

  /**
   * Ends every voice within 12 ms and forgets what was scheduled; the room is still after 0.25 s.
   * For one instrument alone the room rings on, as it holds the others too.
   */
  silence(instrument?: Instrument): void {
    if (instrument !== undefined) {
      this.#pools[instrument].cut(this.#now);
      return;
    }
    for (const pool of this.#pools) pool.cut(this.#now);
    this.#room.hush();
  }

  /** Frees every node. */
  dispose(): void {
    for (const pool of this.#pools) pool.dispose(this.#now);
    for (const strips of this.#expressionStrips)
      for (const strip of strips.values()) strip.dispose();
    for (const strip of this.#touchStrips.values()) strip.dispose();
    this.#disposer.dispose();
  }

  /** What a note goes through before its instrument's strip; nothing for most. */
  #ownStrip({ instrument, pitch, expression, byHand }: TimedNote) {
    if (expression !== undefined) return this.#expressionStrip(instrument, expression);
    if (byHand === undefined) return undefined;
    const strip = this.#touchStrip(instrument);
    return { ...strip.begin(pitch), lowest: strip.lowest };
  }

  #touchStrip(instrument: Instrument): TouchStrip {
    const known = this.#touchStrips.get(instrument);
    if (known !== undefined) return known;
    const context = this.#context.rawContext as BaseAudioContext;
    const strip = new TouchStrip(context, this.strip(instrument).input);
    this.#touchStrips.set(instrument, strip);
    return strip;
  }

  /** The nodes of a file's channel on an instrument, made once. */
  #expressionStrip(instrument: Instrument, expression: Expression): ExpressionStrip {
    const strips = this.#expressionStrips[instrument];
    let strip = strips.get(expression);
    if (strip === undefined) {
      const context = this.#context.rawContext as BaseAudioContext;
      strip = new ExpressionStrip(context, expression, this.strip(instrument).input);
      strips.set(expression, strip);
    }
    return strip;
  }

  get #now(): number {
    return this.#context.rawContext.currentTime;
  }

  #decideAudible(): void {
    const soloing = this.#strips.some((strip) => strip.soloed);
    for (const strip of this.#strips) {
      strip.audible = !strip.muted && (!soloing || strip.soloed);
    }
  }
}
