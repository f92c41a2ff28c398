/**
 * How tests listen: how far a tone lies from its pitch, by its spectrum under a Gaussian window
 * (no side lobes that would draw the mean), and levels.
 */

/** Spectrum of `samples` (a power of two of them) as power by bin, under a Gaussian window. */
function powerSpectrum(samples: Float32Array): Float64Array {
  const size = samples.length;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    const place = (index - (size - 1) / 2) / (0.16 * size);
    real[index] = samples[index] * Math.exp(-0.5 * place * place);
  }
  transform(real, imaginary);
  return Float64Array.from({ length: size / 2 }, (_, bin) => real[bin] ** 2 + imaginary[bin] ** 2);
}

/**
 * Cents between a tone and `pitch` (MIDI): the mean over the partials 1-6 of where their power lies
 * within a semitone, weighted by that power, so that vibrato and choirs count with all they are.
 * Listens to `size` samples (a power of two) from `start`.
 */
export function centsOff(
  samples: Float32Array,
  sampleRate: number,
  pitch: number,
  start = Math.round(0.1 * sampleRate),
  size = 65_536,
): number {
  const power = powerSpectrum(samples.subarray(start, start + size));
  const wanted = 440 * 2 ** ((pitch - 69) / 12);
  let [sum, total] = [0, 0];
  for (let partial = 1; partial <= 6; partial++) {
    const place = (wanted * partial * size) / sampleRate;
    const last = Math.min(power.length - 1, place * 2 ** (1 / 12));
    for (let bin = Math.ceil(place * 2 ** (-1 / 12)); bin <= last; bin++) {
      sum += power[bin] * 1200 * Math.log2(bin / place);
      total += power[bin];
    }
  }
  return sum / total;
}

/** Largest absolute sample of the channels; not a number where any sample is not finite. */
export function peak(...channels: readonly Float32Array[]): number {
  let largest = 0;
  for (const channel of channels) {
    for (const sample of channel) {
      if (!Number.isFinite(sample)) return Number.NaN;
      largest = Math.max(largest, Math.abs(sample));
    }
  }
  return largest;
}

/** Root mean square in decibels of full scale. */
export function decibels(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / samples.length + 1e-20);
}

/** First frame whose absolute value passes `threshold`, or -1. */
export function onset(samples: Float32Array, threshold: number): number {
  return samples.findIndex((sample) => Math.abs(sample) > threshold);
}

/** In-place Fourier transform (Cooley and Tukey, radix 2). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, reversed = 0; index < size; index++) {
    let bit = size >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (index < reversed) {
      [real[index], real[reversed]] = [real[reversed], real[index]];
      [imaginary[index], imaginary[reversed]] = [imaginary[reversed], imaginary[index]];
    }
  }
  for (let width = 2; width <= size; width *= 2) {
    const angle = (-2 * Math.PI) / width;
    for (let first = 0; first < size; first += width) {
      for (let step = 0; step < width / 2; step++) {
        const [cosine, sine] = [Math.cos(angle * step), Math.sin(angle * step)];
        const [a, b] = [first + step, first + step + width / 2];
        const [x, y] = [
          real[b] * cosine - imaginary[b] * sine,
          real[b] * sine + imaginary[b] * cosine,
        ];
        [real[b], imaginary[b]] = [real[a] - x, imaginary[a] - y];
        real[a] += x;
        imaginary[a] += y;
      }
    }
  }
}
