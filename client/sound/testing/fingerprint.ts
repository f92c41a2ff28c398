/**
 * A rendering's fingerprint, small enough for the repository: the level of every twentieth of a
 * second and every 997th sample. Node's is kept in fingerprint.json (`UPDATE_FINGERPRINT=1 npx
 * vitest run server/offline/fingerprint` writes it anew); both engines are compared with it.
 */

/** Levels in decibels and samples, left then right. */
export interface Fingerprint {
  readonly levels: readonly number[];
  readonly samples: readonly number[];
}

const RATE = 44_100;
const WINDOW = RATE / 20;
const STRIDE = 997;

/** Takes the fingerprint of two channels at 44.1 kHz. */
export function fingerprintOf(left: Float32Array, right: Float32Array): Fingerprint {
  const [levels, samples]: [number[], number[]] = [[], []];
  for (const channel of [left, right]) {
    for (let start = 0; start + WINDOW <= channel.length; start += WINDOW) {
      let sum = 0;
      for (const sample of channel.subarray(start, start + WINDOW)) sum += sample * sample;
      levels.push(Number((10 * Math.log10(sum / WINDOW + 1e-12)).toFixed(3)));
    }
    for (let frame = 0; frame < channel.length; frame += STRIDE) {
      samples.push(Number(channel[frame].toFixed(7)));
    }
  }
  return { levels, samples };
}

/** How far two fingerprints differ: sample error in decibels of the signal, worst level in decibels. */
export function unlikeness(a: Fingerprint, b: Fingerprint): { samples: number; levels: number } {
  let [error, signal, levels] = [0, 1e-12, 0];
  for (const [index, sample] of b.samples.entries()) {
    error += (a.samples[index] - sample) ** 2;
    signal += sample ** 2;
  }
  for (const [index, level] of b.levels.entries()) {
    levels = Math.max(levels, Math.abs(a.levels[index] - level));
  }
  return { samples: 10 * Math.log10(error / signal + 1e-15), levels };
}
