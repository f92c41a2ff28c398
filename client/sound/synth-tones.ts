/**
 * Additive tones for the eleven melodic classes: a row of partials, each dying at its own rate
 * (plucked and struck) or held and looped over whole periods (blown, bowed, sung).
 * The recurrence sin((n+1)w) = 2 cos(w) sin(nw) - sin((n-1)w) makes one cheap enough to compute
 * when its first note comes.
 */

/** A recipe: amplitudes of partials 1, 2, 3... and how they come and go. */
export interface ToneRecipe {
  readonly partials: readonly number[];
  /** Seconds to full level. */
  readonly attack: number;
  /** Seconds in which the first partial falls to 1/e at A3, or undefined where it is held. */
  readonly decay?: number;
}

/** By instrument id; the drums' place holds a woodblock-like tick that is never asked for. */
export const TONES: readonly ToneRecipe[] = [
  { partials: [1, 0.55, 0.32, 0.2, 0.13, 0.09, 0.06, 0.04], attack: 0.002, decay: 0.9 }, // Piano
  { partials: [1, 0.7, 0.5, 0.22, 0.25, 0.1, 0.12], attack: 0.002, decay: 0.55 }, // Guitar
  { partials: [1, 0.5, 0.22, 0.08], attack: 0.004, decay: 0.7 }, // Bass
  { partials: [1, 0.7, 0.55, 0.4, 0.35, 0.25, 0.2, 0.14, 0.1], attack: 0.06 }, // Violin
  { partials: [1, 0.85, 0.5, 0.45, 0.25, 0.2, 0.1, 0.06], attack: 0.07 }, // Cello
  { partials: [1, 0.35, 0.16, 0.1, 0.04], attack: 0.002, decay: 0.8 }, // Harp
  { partials: [0.7, 0.9, 1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.12], attack: 0.03 }, // Trumpet
  { partials: [1, 0.8, 0.35, 0.5, 0.3, 0.22, 0.12, 0.1], attack: 0.035 }, // Sax
  { partials: [1, 0.28, 0.1, 0.03], attack: 0.05 }, // Flute
  { partials: [1], attack: 0.001, decay: 0.05 }, // (Drums)
  { partials: [1, 0.6, 0.3, 0.34, 0.1, 0.06, 0.04], attack: 0.12 }, // Choir
  { partials: [1, 0.8, 0.35, 0.6, 0.1, 0.25, 0.05, 0.3], attack: 0.02 }, // Organ
];

/** A computed tone; `loop` in frames, absent where it dies away. */
export interface Tone {
  readonly samples: Float32Array<ArrayBuffer>;
  readonly rootPitch: number;
  readonly loop?: { readonly start: number; readonly end: number };
}

const BRIGHTEST = 9000; // hertz
const LEVEL = 0.1; // root mean square of the first 0.4 s
const HELD = 0.25; // seconds before the loop
const LOOP = 0.5;

/** Computes the tone of a recipe near `pitch`; `rootPitch` says exactly where it lies. */
export function renderTone(recipe: ToneRecipe, pitch: number, sampleRate: number): Tone {
  const wanted = 440 * 2 ** ((pitch - 69) / 12);
  const loopFrames = Math.round(LOOP * sampleRate);
  const frequency = (Math.round((wanted * loopFrames) / sampleRate) * sampleRate) / loopFrames;
  const held = recipe.decay === undefined;
  const decay = (recipe.decay ?? 1) * 2 ** ((57 - pitch) / 24);
  const start = Math.round(HELD * sampleRate);
  const length = held ? start + loopFrames + 64 : Math.ceil(Math.min(5, decay * 5) * sampleRate);
  const samples = new Float32Array(length);
  recipe.partials.forEach((amplitude, index) => {
    const partial = frequency * (index + 1);
    if (partial > Math.min(BRIGHTEST, sampleRate * 0.45) && index > 0) return;
    const fall = held ? 1 : Math.exp(-(1 + 0.45 * index) / (decay * sampleRate));
    addPartial(samples, amplitude, (2 * Math.PI * partial) / sampleRate, fall);
  });
  shape(samples, recipe.attack * sampleRate, held ? 0 : length / 5);
  level(samples, Math.min(length, Math.round(0.4 * sampleRate)));
  const rootPitch = 69 + 12 * Math.log2(frequency / 440);
  return held
    ? { samples, rootPitch, loop: { start, end: start + loopFrames } }
    : { samples, rootPitch };
}

function addPartial(samples: Float32Array, amplitude: number, step: number, fall: number): void {
  const turn = 2 * Math.cos(step);
  let [before, now, envelope] = [-Math.sin(step), 0, amplitude];
  for (let frame = 0; frame < samples.length; frame++) {
    samples[frame] += now * envelope;
    [before, now] = [now, turn * now - before];
    envelope *= fall;
  }
}

function shape(samples: Float32Array, fadeIn: number, fadeOut: number): void {
  const end = samples.length;
  for (let frame = 0; frame < fadeIn; frame++) {
    samples[frame] *= Math.sin((frame / fadeIn) * (Math.PI / 2)) ** 2;
  }
  for (let frame = 1; frame <= fadeOut; frame++) samples[end - frame] *= (frame - 1) / fadeOut;
}

function level(samples: Float32Array, window: number): void {
  let power = 0;
  for (const sample of samples.subarray(0, window)) power += sample * sample;
  const factor = LEVEL / Math.sqrt(power / window);
  for (let frame = 0; frame < samples.length; frame++) samples[frame] *= factor;
}
