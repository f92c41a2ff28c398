/**
 * Loops for held notes. Two places of the steady part are sought that look alike over 90 ms
 * (least squared difference, so level counts as well as shape), coarsely at a quarter of the rate
 * and then to the frame; the first is crossfaded into the end of the loop, so that the jump back
 * meets the very samples it left. The fade's gains keep the power of partly correlated signals.
 */
import { RECORDING_RATE, type Stereo } from "./fluidsynth.ts";

/** A looped note: frames `start` (inclusive) to `end` (exclusive) repeat. */
export interface Looped {
  readonly note: Stereo;
  readonly start: number;
  readonly end: number;
  /** How much the two places differed before the crossfade, decibels below the signal. */
  readonly mismatch: number;
}

const COARSE = 4;
const WINDOW = Math.round(0.09 * RECORDING_RATE);
const SHORTEST = Math.round(0.9 * RECORDING_RATE);
/** A good match needs a short crossfade; one that beats slowly hides better under a long one. */
const FADE_OF_MATCH = Math.round(0.06 * RECORDING_RATE);
const FADE_OF_BEATING = Math.round(0.3 * RECORDING_RATE);
const BEATING = 0.01; // -20 dB
/** Frames kept after the loop, for interpolation and the decoder's blocks. */
const MARGIN = Math.round(0.012 * RECORDING_RATE);
const STARTS = 9;

/** Finds and bakes a loop into the part after `attack` seconds. The note is cut after the loop. */
export function makeLoop(note: Stereo, attack: number): Looped {
  const first = Math.round(attack * RECORDING_RATE);
  const last = note[0].length - WINDOW - MARGIN;
  const coarse = note.map(decimate) as unknown as Stereo;
  let best = { start: 0, end: 0, difference: Number.POSITIVE_INFINITY };
  for (let index = 0; index < STARTS; index++) {
    const span = Math.max(0, last - SHORTEST - first);
    const start = first + Math.round((span * index) / STARTS);
    for (let end = start + SHORTEST; end < last; end += COARSE) {
      const at = { start: Math.floor(start / COARSE), end: Math.floor(end / COARSE) };
      const difference = compare(coarse, at.start, at.end, Math.floor(WINDOW / COARSE), 2);
      if (difference < best.difference) best = { start, end, difference };
    }
  }
  let fine = { ...best, difference: Number.POSITIVE_INFINITY };
  for (let end = best.end - 2 * COARSE; end <= best.end + 2 * COARSE; end++) {
    const difference = compare(note, best.start, end, WINDOW, 1);
    if (difference < fine.difference) fine = { start: best.start, end, difference };
  }
  return bake(note, fine.start, fine.end, fine.difference);
}

/** Squared difference of the windows around two places, over their summed power: 0 equal, 1 unrelated. */
function compare(note: Stereo, a: number, b: number, window: number, stride: number): number {
  let difference = 0;
  let power = 1e-12;
  const half = window >> 1;
  for (const channel of note) {
    for (let offset = -half; offset < half; offset += stride) {
      const x = channel[a + offset];
      const y = channel[b + offset];
      difference += (x - y) ** 2;
      power += x * x + y * y;
    }
  }
  return difference / power;
}

function bake(note: Stereo, start: number, end: number, difference: number): Looped {
  const correlation = Math.max(0, 1 - difference);
  const fade = difference > BEATING ? FADE_OF_BEATING : FADE_OF_MATCH;
  const baked = note.map((channel) => {
    const copy = channel.slice(0, end + MARGIN);
    for (let frame = 0; frame < fade; frame++) {
      const angle = (frame / fade) * (Math.PI / 2);
      const [out, into] = [Math.cos(angle) ** 2, Math.sin(angle) ** 2];
      const norm = Math.sqrt(out * out + into * into + 2 * correlation * out * into);
      const [from, to] = [channel[end - fade + frame], channel[start - fade + frame]];
      copy[end - fade + frame] = (from * out + to * into) / norm;
    }
    for (let frame = 0; frame < MARGIN; frame++) copy[end + frame] = channel[start + frame];
    return copy;
  }) as unknown as Stereo;
  return { note: baked, start, end, mismatch: 10 * Math.log10(difference + 1e-9) };
}

/** Every fourth frame of a four-frame average. */
function decimate(channel: Float32Array): Float32Array {
  const coarse = new Float32Array(Math.floor(channel.length / COARSE));
  for (let frame = 0; frame < coarse.length; frame++) {
    for (let tap = 0; tap < COARSE; tap++) coarse[frame] += channel[frame * COARSE + tap] / COARSE;
  }
  return coarse;
}
