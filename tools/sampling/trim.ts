/**
 * Where a recorded note begins and ends. The attack must be immediate, so the silence before it
 * goes, up to 2 ms of its rise; a note that dies away ends where nobody hears it any more.
 */
import { RECORDING_RATE, type Stereo } from "./fluidsynth.ts";

const ONSET_BELOW_PEAK = 10 ** (-34 / 20);
const BEFORE_ONSET = Math.round(0.002 * RECORDING_RATE);
const FADE_IN = Math.round(0.001 * RECORDING_RATE);
const END_BELOW_PEAK = 10 ** (-57 / 20);
const WINDOW = Math.round(0.02 * RECORDING_RATE);

/** Largest absolute sample of both channels. */
export function peakOf(channels: readonly Float32Array[]): number {
  let peak = 0;
  for (const channel of channels) {
    for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
  }
  return peak;
}

/** Drops the silence before the attack. The peak of the first second decides what counts as sound. */
export function trimStart(note: Stereo): Stereo {
  const peak = peakOf(note.map((channel) => channel.subarray(0, RECORDING_RATE)));
  const loud = (sample: number) => Math.abs(sample) > peak * ONSET_BELOW_PEAK;
  const onset = Math.min(...note.map((channel) => firstIndex(channel, loud)));
  const start = Math.max(0, onset - BEFORE_ONSET);
  const trimmed: Stereo = [note[0].slice(start), note[1].slice(start)];
  for (const channel of trimmed) {
    for (let frame = 0; frame < FADE_IN; frame++) channel[frame] *= frame / FADE_IN;
  }
  return trimmed;
}

/** Cuts a dying note where it falls 57 dB below its peak, and fades its last fifth out. */
export function trimEnd(note: Stereo): Stereo {
  const limit = peakOf(note) * END_BELOW_PEAK;
  let end = note[0].length;
  while (end > WINDOW && rootMeanSquare(note, end - WINDOW, end) < limit) end -= WINDOW;
  const trimmed: Stereo = [note[0].slice(0, end), note[1].slice(0, end)];
  const fade = Math.min(Math.floor(end / 5), RECORDING_RATE);
  for (const channel of trimmed) {
    for (let frame = 0; frame < fade; frame++) {
      channel[end - 1 - frame] *= Math.sin((frame / fade) * (Math.PI / 2)) ** 2;
    }
  }
  return trimmed;
}

function rootMeanSquare(note: Stereo, from: number, to: number): number {
  let sum = 0;
  for (const channel of note) {
    for (let frame = from; frame < to; frame++) sum += channel[frame] ** 2;
  }
  return Math.sqrt(sum / (2 * (to - from)));
}

function firstIndex(channel: Float32Array, matches: (sample: number) => boolean): number {
  const index = channel.findIndex(matches);
  return index < 0 ? channel.length : index;
}
