/**
 * What a human does to the notes they hold on one instrument: bend, pressure, timbre and modulation, as they come, before
 * the instrument's own strip. Notes of one pitch may be touched besides (a channel a note). Glides, so that nothing clicks.
 * Timbre is a shelf above 1 kHz, which lets everything through as it is where nobody touches it (Audio EQ Cookbook,
 * Bristow-Johnson).
 */
import { type Touch, UNTOUCHED } from "#engine/hardware/touch.ts";
import {
  CENTS,
  type ExpressionContext,
  GLIDE,
  VIBRATO_DEPTH,
  VIBRATO_RATE,
} from "./expression-strip.ts";

/** Makes the nodes of a strip. */
type TouchContext = ExpressionContext & Pick<BaseAudioContext, "createBiquadFilter">;

/** Factor to the level of keys that are pressed down as far as they go. */
const PRESSED = 1.6;

/** Decibels that timbre adds or takes at its ends, and hertz above which. */
const BRIGHTENED = 12;
const SHELF = 1000;

/** How loud and how bright notes are made. */
interface Sounding {
  readonly level: GainNode;
  readonly shelf: BiquadFilterNode;
}

/** The notes of one pitch, on their way through nodes of their own. */
interface Pitch extends Sounding {
  /** Cents of its own, and those of all besides. */
  readonly bend: ConstantSourceNode;
  readonly detune: GainNode;
}

/** The nodes between a human's voices and an instrument's strip. */
export class TouchStrip {
  /** Semitones of the deepest bend that a sound must last for, 0 or less. */
  readonly lowest = -12;
  readonly #context: TouchContext;
  readonly #all: Sounding;
  readonly #bend: ConstantSourceNode;
  readonly #vibrato: OscillatorNode;
  readonly #depth: GainNode;
  readonly #pitches = new Map<number, Pitch>();

  constructor(context: TouchContext, output: AudioNode) {
    this.#context = context;
    this.#all = this.#sounding(output);
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

  /** A note of a pitch begins, not touched by itself: what its voice connects to, and cents for its `detune`. */
  begin(pitch: number): { readonly input: AudioNode; readonly detune: AudioNode } {
    if (this.#pitches.has(pitch)) this.touch(UNTOUCHED, pitch);
    else this.#pitches.set(pitch, this.#pitch());
    const { level, detune } = this.#pitches.get(pitch)!;
    return { input: level, detune };
  }

  /** All notes are touched, or those of a pitch; vibrato is of all. */
  touch(touch: Touch, pitch?: number): void {
    const own = pitch === undefined ? undefined : this.#pitches.get(pitch);
    if (pitch !== undefined && own === undefined) return;
    const { level, shelf, bend } = own ?? { ...this.#all, bend: this.#bend };
    this.#glide(bend.offset, CENTS * touch.bend);
    this.#glide(level.gain, 1 + (PRESSED - 1) * touch.pressure);
    this.#glide(shelf.gain, BRIGHTENED * touch.timbre);
    if (own === undefined) this.#glide(this.#depth.gain, VIBRATO_DEPTH * touch.modulation);
  }

  /** Takes it out of the graph. */
  dispose(): void {
    const pitches = [...this.#pitches.values()];
    for (const source of [this.#bend, this.#vibrato, ...pitches.map(({ bend }) => bend)]) {
      source.stop();
      source.disconnect();
    }
    for (const { detune } of pitches) detune.disconnect();
    this.#depth.disconnect();
    for (const { level, shelf } of [this.#all, ...pitches]) {
      level.disconnect();
      shelf.disconnect();
    }
  }

  #pitch(): Pitch {
    const bend = this.#context.createConstantSource();
    const detune = this.#context.createGain();
    bend.offset.value = 0;
    bend.start();
    for (const signal of [bend, this.#bend, this.#depth]) signal.connect(detune);
    return { bend, detune, ...this.#sounding(this.#all.level) };
  }

  #sounding(output: AudioNode): Sounding {
    const level = this.#context.createGain();
    const shelf = this.#context.createBiquadFilter();
    shelf.type = "highshelf";
    shelf.frequency.value = SHELF;
    shelf.gain.value = 0;
    level.connect(shelf);
    shelf.connect(output);
    return { level, shelf };
  }

  #glide(param: AudioParam, value: number): void {
    const now = this.#context.currentTime;
    const before = param.value;
    param.cancelScheduledValues(now);
    param.setValueAtTime(before, now);
    param.linearRampToValueAtTime(value, now + GLIDE);
  }
}
