/**
 * Synthesised stand-ins, played until an instrument's samples are there: additive tones for the
 * melodic classes (one buffer an octave), noise and swept sines for the drums. They are computed
 * into buffers, once each and seeded, so that they take the very same path as samples and sound
 * the same in the page and in Node.
 */
import { Random } from "#base/random.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import type { Sound, SoundBank } from "./sound.ts";
import { renderStroke, strokeOf } from "./synth-drums.ts";
import { renderTone, TONES } from "./synth-tones.ts";

const OCTAVE = 12;

/** Computes sounds on demand and keeps them. */
export class SynthBank implements SoundBank {
  readonly #context: Pick<BaseAudioContext, "createBuffer" | "sampleRate">;
  readonly #sounds = new Map<number, Sound>();

  constructor(context: Pick<BaseAudioContext, "createBuffer" | "sampleRate">) {
    this.#context = context;
  }

  sound(instrument: Instrument, pitch: number, _velocity: number): Sound {
    const root = instrument === DRUMS ? pitch : Math.floor(pitch / OCTAVE) * OCTAVE + OCTAVE / 2;
    const key = instrument * 256 + root;
    const known = this.#sounds.get(key);
    if (known) return known;
    const made = instrument === DRUMS ? this.#stroke(pitch) : this.#tone(instrument, root);
    this.#sounds.set(key, made);
    return made;
  }

  #tone(instrument: Instrument, root: number): Sound {
    const { sampleRate } = this.#context;
    const { samples, rootPitch, loop } = renderTone(TONES[instrument], root, sampleRate);
    const seconds = loop && { start: loop.start / sampleRate, end: loop.end / sampleRate };
    return {
      buffer: this.#buffer(samples),
      rootPitch,
      gain: 1,
      offset: 0,
      ...(seconds && { loop: seconds }),
    };
  }

  #stroke(key: number): Sound {
    const stroke = strokeOf(key);
    const samples = renderStroke(stroke, this.#context.sampleRate, new Random(key, DRUMS));
    const { choke } = stroke;
    const sound = { buffer: this.#buffer(samples), rootPitch: key, gain: 1, offset: 0 };
    return choke === undefined ? sound : { ...sound, choke };
  }

  #buffer(samples: Float32Array<ArrayBuffer>): AudioBuffer {
    const buffer = this.#context.createBuffer(1, samples.length, this.#context.sampleRate);
    buffer.copyToChannel(samples, 0);
    return buffer;
  }
}
