/**
 * What is measured of a note: its pitch (normalised autocorrelation over many periods, as in
 * McLeod and Wyvill, "A smarter way to find pitch", ICMC 2005), its loudness (K-weighting of
 * ITU-R BS.1770-4, at 44.1 kHz) and its brightness (spectral centroid from zero crossings of power).
 */
import { RECORDING_RATE } from "./fluidsynth.ts";

/** Frequency of a MIDI pitch in hertz, A4 = 440. */
const frequencyOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/**
 * How far a steady part lies from `pitch`, in cents (median of windows), or undefined where it has
 * no clear pitch. Looks within 60 cents.
 */
export function pitchError(
  channel: Float32Array,
  pitch: number,
  rate = RECORDING_RATE,
): number | undefined {
  const period = rate / frequencyOf(pitch);
  const periods = Math.max(1, Math.min(8, Math.floor((0.03 * rate) / period)));
  const window = Math.ceil(Math.max(0.06 * rate, 3 * period * periods));
  const errors: number[] = [];
  const from = Math.round(0.08 * rate);
  for (let start = from; start < Math.min(channel.length, 1.2 * rate); start += window) {
    const lag = bestLag(channel, start, window, period * periods);
    if (lag !== undefined) errors.push(1200 * Math.log2((period * periods) / lag));
  }
  return errors.length === 0 ? undefined : median(errors);
}

/** The lag near `expected` (frames) with the highest correlation, or undefined below 0.6. */
function bestLag(
  channel: Float32Array,
  start: number,
  window: number,
  expected: number,
): number | undefined {
  const reach = expected * (2 ** (60 / 1200) - 1) + 2;
  const [lowest, highest] = [Math.floor(expected - reach), Math.ceil(expected + reach)];
  if (start + window + highest + 1 >= channel.length) return undefined;
  const scores: number[] = [];
  for (let lag = lowest; lag <= highest; lag++) {
    let product = 0;
    let power = 1e-12;
    for (let frame = start; frame < start + window; frame++) {
      product += channel[frame] * channel[frame + lag];
      power += channel[frame] ** 2 + channel[frame + lag] ** 2;
    }
    scores.push((2 * product) / power);
  }
  const top = scores.indexOf(Math.max(...scores));
  if (scores[top] < 0.6 || top === 0 || top === scores.length - 1) return undefined;
  const [before, at, after] = scores.slice(top - 1, top + 2);
  return lowest + top + (before - after) / (2 * (before - 2 * at + after));
}

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// BS.1770-4 table 1 and 2, coefficients carried over from 48 kHz to 44.1 kHz.
const SHELF = {
  b: [1.5308412300498355, -2.6509799951536985, 1.1690790799210682],
  a: [-1.6636551132560204, 0.7125954280732254],
};
const HIGH_PASS = { b: [1, -2, 1], a: [-1.9891696736297957, 0.9891990357870394] };

/** Loudness in LUFS of the loudest 400 ms (BS.1770-4 momentary, steps of 100 ms). */
export function loudness(channels: readonly Float32Array[]): number {
  const weighted = channels.map((channel) => biquad(biquad(channel, SHELF), HIGH_PASS));
  const window = Math.round(0.4 * RECORDING_RATE);
  const step = window >> 2;
  let loudest = 0;
  for (let start = 0; start === 0 || start + window <= weighted[0].length; start += step) {
    let power = 0;
    for (const channel of weighted) {
      for (const sample of channel.subarray(start, start + window)) power += sample * sample;
    }
    loudest = Math.max(loudest, power / window);
  }
  return -0.691 + 10 * Math.log10(loudest + 1e-15);
}

function biquad(input: Float32Array, { b, a }: typeof SHELF): Float32Array {
  const output = new Float32Array(input.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let frame = 0; frame < input.length; frame++) {
    const x = input[frame];
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    output[frame] = y;
  }
  return output;
}

/** Brightness in hertz: the root of the power ratio of slope to signal, near the spectral centroid. */
export function brightness(channel: Float32Array): number {
  let slope = 0;
  let power = 1e-15;
  const end = Math.min(channel.length, RECORDING_RATE >> 1);
  for (let frame = 1; frame < end; frame++) {
    slope += (channel[frame] - channel[frame - 1]) ** 2;
    power += channel[frame] ** 2;
  }
  return (Math.sqrt(slope / power) * RECORDING_RATE) / (2 * Math.PI);
}

/** Milliseconds until a note first reaches half of the peak of its first 100 ms. */
export function attackTime(channels: readonly Float32Array[], rate = RECORDING_RATE): number {
  const heads = channels.map((channel) => channel.subarray(0, Math.round(0.1 * rate)));
  let peak = 0;
  for (const head of heads) for (const sample of head) peak = Math.max(peak, Math.abs(sample));
  const reached = heads.map((head) => head.findIndex((sample) => Math.abs(sample) >= peak / 2));
  return (Math.min(...reached.filter((frame) => frame >= 0)) / rate) * 1000;
}
