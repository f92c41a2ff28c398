/**
 * What a human does to the notes they hold on one instrument: bend, pressure and modulation, as they come, before the
 * instrument's own strip. Notes of one pitch may be bent besides (a channel a note). Glides, so that nothing clicks.
 */
import type { Touch } from "#engine/hardware/touch.ts";
import {
  CENTS,
  type ExpressionContext,
  GLIDE,
  VIBRATO_DEPTH,
  VIBRATO_RATE,
} from "./expression-strip.ts";

/** Factor to the level of keys that are pressed down as far as they go. */
const PRESSED = 1.6;

/** The nodes between a human's voices and an instrument's strip. */
export class TouchStrip {
  /** What voices connect to. */
  readonly input: GainNode;
  /** Semitones of the deepest bend that a sound must last for, 0 or less. */
  readonly lowest = -12;
  readonly #context: ExpressionContext;
  readonly #bend: ConstantSourceNode;
  readonly #vibrato: OscillatorNode;
  readonly #depth: GainNode;
  /** By pitch, the cents that bend its notes, those of all included. */
  readonly #pitches = new Map<
    number,
    { readonly own: ConstantSourceNode; readonly sum: GainNode }
  >();

  constructor(context: ExpressionContext, output: AudioNode) {
    this.#context = context;
    this.input = context.createGain();
    this.input.connect(output);
    this.#bend = context.createConstantSource();
    this.#bend.offset.value = 0;
    this.#vibrato = context.createOscillator();
    this.#vibrato.frequency.value = VIBRATO_RATE;
    this.#depth = context.createGain();
    this.#depth.gain.value = 0;
    this.#vibrato.connect(this.#depth);
    this.#bend.start();
    this.#vibrato.start();
  }

  /** A note of a pitch begins, not bent by itself: cents to be connected to its voice's `detune`. */
  begin(pitch: number): AudioNode {
    const known = this.#pitches.get(pitch);
    if (known !== undefined) {
      this.#glide(known.own.offset, 0);
      return known.sum;
    }
    const own = this.#context.createConstantSource();
    const sum = this.#context.createGain();
    own.offset.value = 0;
    own.start();
    for (const signal of [own, this.#bend, this.#depth]) signal.connect(sum);
    this.#pitches.set(pitch, { own, sum });
    return sum;
  }

  /** All notes are touched, or those of a pitch, which can only be bent by themselves. */
  touch({ bend, pressure, modulation }: Touch, pitch?: number): void {
    if (pitch !== undefined) {
      const own = this.#pitches.get(pitch)?.own;
      if (own !== undefined) this.#glide(own.offset, CENTS * bend);
      return;
    }
    this.#glide(this.#bend.offset, CENTS * bend);
    this.#glide(this.#depth.gain, VIBRATO_DEPTH * modulation);
    this.#glide(this.input.gain, 1 + (PRESSED - 1) * pressure);
  }

  /** Takes it out of the graph. */
  dispose(): void {
    const sources = [
      this.#bend,
      this.#vibrato,
      ...[...this.#pitches.values()].map(({ own }) => own),
    ];
    for (const source of sources) {
      source.stop();
      source.disconnect();
    }
    for (const { sum } of this.#pitches.values()) sum.disconnect();
    this.#depth.disconnect();
    this.input.disconnect();
  }

  #glide(param: AudioParam, value: number): void {
    const now = this.#context.currentTime;
    const before = param.value;
    param.cancelScheduledValues(now);
    param.setValueAtTime(before, now);
    param.linearRampToValueAtTime(value, now + GLIDE);
  }
}
