/** Where sound begins in what was recorded. */
import type { Recording } from "./recorder.ts";

/** Seconds of a block of which the level is taken, and blocks that a beginning is held against. */
const BLOCK = 0.002;
const BEFORE = 12;

/** A beginning is so many times louder than what it is held against. */
const RISE = 2;

/**
 * The audio time, `from` or later, at which a note begins first, over the ringing of others; undefined where none does.
 * @param least level (RMS) that it reaches
 */
export function firstOnset(sound: Recording, least: number, from: number): number | undefined {
  const { sampleRate, samples } = sound;
  const size = Math.round(BLOCK * sampleRate);
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, at) => {
    const block = samples.subarray(at * size, (at + 1) * size);
    return Math.sqrt(block.reduce((sum, sample) => sum + sample ** 2, 0) / size);
  });
  const timeOf = (block: number) => sound.from + (block * size) / sampleRate;
  const first = levels.findIndex((level, at) => {
    const before = Math.max(0, ...levels.slice(Math.max(0, at - BEFORE), at));
    return timeOf(at) >= from && level >= least && level >= RISE * before;
  });
  return first < 0 ? undefined : timeOf(first);
}

/** The audio time, `from` or later, at which an amplitude is reached first; undefined where it is not. */
export function firstAbove(sound: Recording, amplitude: number, from: number): number | undefined {
  const { sampleRate, samples } = sound;
  const skipped = Math.max(0, Math.ceil((from - sound.from) * sampleRate));
  const first = samples.subarray(skipped).findIndex((sample) => Math.abs(sample) >= amplitude);
  return first < 0 ? undefined : sound.from + (skipped + first) / sampleRate;
}

/** What lies below a frequency, 24 dB an octave: twice the low-pass of the Audio EQ Cookbook (Bristow-Johnson). */
export function lowPassed(sound: Recording, hertz: number): Recording {
  const omega = (2 * Math.PI * hertz) / sound.sampleRate;
  const [cos, alpha] = [Math.cos(omega), Math.sin(omega) / Math.SQRT2];
  let { samples } = sound;
  for (let pass = 0; pass < 2; pass++) {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    samples = samples.map((x) => {
      const input = ((1 - cos) / 2) * (x + 2 * x1 + x2);
      const y = (input + 2 * cos * y1 - (1 - alpha) * y2) / (1 + alpha);
      [x2, x1, y2, y1] = [x1, x, y1, y];
      return y;
    });
  }
  return { ...sound, samples };
}
