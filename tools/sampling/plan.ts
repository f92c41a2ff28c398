/**
 * What is sampled: for each instrument the General MIDI program it is written as, its real range,
 * the velocities that may get samples of their own, and how it sits in the mix.
 * A softer layer is recorded everywhere and kept only where its timbre differs (see take.ts).
 */
import { DRUMS, INSTRUMENTS, type Instrument, WRITTEN_PROGRAM } from "#music/instrument.ts";

/** How one instrument is sampled and mixed. */
export interface SamplingPlan {
  readonly instrument: Instrument;
  readonly name: string;
  /** General MIDI program 0-127; ignored for drums. */
  readonly program: number;
  /** MIDI pitches to strike. */
  readonly pitches: readonly number[];
  /** Velocities to strike, soft to loud; the loudest is always kept. */
  readonly layers: readonly number[];
  /** Whether a note holds for as long as it is pressed: then the sample gets a loop. */
  readonly sustained: boolean;
  /** 2 where the soundfont's stereo picture is worth its bytes. */
  readonly channels: 1 | 2;
  /** Longest sample at the lowest and at the highest pitch, seconds. */
  readonly seconds: readonly [number, number];
  /** LAME's VBR quality, 0 (best) to 9. */
  readonly quality: number;
  /** Level in the mix relative to the other instruments, decibels. */
  readonly level: number;
  /** -1 left to 1 right. */
  readonly pan: number;
  /** Part sent to the reverb, 0-1. */
  readonly reverb: number;
  /** Time constant of the release, seconds. */
  readonly release: number;
  /** Most voices at once. */
  readonly polyphony: number;
}

const SEMITONES_APART = 4;

/** Pitches from `lowest` to at most `highest`, four semitones apart. */
function range(lowest: number, highest: number): number[] {
  const pitches: number[] = [];
  for (let pitch = lowest; pitch <= highest; pitch += SEMITONES_APART) pitches.push(pitch);
  return pitches;
}

/** GM's percussion keys 35-81 and the eight and six that GM2 adds below and above. */
const PERCUSSION_KEYS = Array.from({ length: 87 - 27 + 1 }, (_, index) => 27 + index);

/** Keys of which a new stroke ends the last one: hi-hat, whistle, guiro, cuica, triangle, surdo. */
const CHOKE_GROUPS = [
  [42, 44, 46],
  [71, 72],
  [73, 74],
  [78, 79],
  [80, 81],
  [86, 87],
];

// biome-ignore format: keys that belong together share a line
/** Places of the drum kit as the audience sees it, -1 left to 1 right; others stand in the middle. */
const DRUM_PLACES: Readonly<Record<number, number>> = {
  41: 0.38, 43: 0.3, 45: 0.14, 47: 0.02, 48: -0.14, 50: -0.26, // toms, low to high
  42: -0.3, 44: -0.28, 46: -0.3, // hi-hat
  49: -0.4, 57: 0.42, 55: -0.2, 52: 0.5, // crash, splash, china
  51: 0.34, 53: 0.34, 59: 0.4, // ride
  39: 0.1, 54: -0.22, 56: 0.18, 60: 0.3, 61: 0.34, 62: -0.34, 63: -0.3, 64: -0.26,
  65: 0.4, 66: 0.44, 67: -0.44, 68: -0.4, 69: 0.26, 70: 0.3, 75: -0.2, 76: 0.24, 77: 0.2, 80: -0.4, 81: -0.4,
};

type Row = Omit<SamplingPlan, "instrument" | "program" | "name">;

const decaying = { sustained: false, channels: 1, quality: 3 } as const;
const sustained = { sustained: true, channels: 1, quality: 3 } as const;

const ROWS: Record<(typeof INSTRUMENTS)[number], Row> = {
  // biome-ignore format: a table reads better in columns
  Piano: { ...decaying, channels: 2, pitches: range(21, 108), layers: [40, 76, 112], seconds: [7, 1.5], level: -1, pan: -0.08, reverb: 0.16, release: 0.11, polyphony: 32 },
  // biome-ignore format: as above
  Guitar: { ...decaying, pitches: range(40, 84), layers: [48, 104], seconds: [5, 2.5], level: -1, pan: 0.3, reverb: 0.16, release: 0.09, polyphony: 16 },
  // biome-ignore format: as above
  Bass: { ...decaying, pitches: range(28, 64), layers: [48, 104], seconds: [4, 2.5], level: 0, pan: 0, reverb: 0.04, release: 0.06, polyphony: 8 },
  // biome-ignore format: as above
  Violin: { ...sustained, pitches: range(55, 100), layers: [48, 104], seconds: [3.2, 2.6], level: 0.5, pan: -0.3, reverb: 0.3, release: 0.09, polyphony: 12 },
  // biome-ignore format: as above
  Cello: { ...sustained, pitches: range(36, 80), layers: [48, 104], seconds: [3.6, 2.8], level: 0, pan: 0.22, reverb: 0.27, release: 0.1, polyphony: 12 },
  // biome-ignore format: as above
  Harp: { ...decaying, pitches: range(24, 103), layers: [48, 104], seconds: [5, 2], level: 0, pan: -0.42, reverb: 0.3, release: 0.35, polyphony: 24 },
  // biome-ignore format: as above
  Trumpet: { ...sustained, pitches: range(52, 86), layers: [48, 104], seconds: [3, 2.6], level: -1.5, pan: 0.18, reverb: 0.24, release: 0.06, polyphony: 8 },
  // biome-ignore format: as above
  Sax: { ...sustained, pitches: range(49, 85), layers: [48, 104], seconds: [3, 2.6], level: 1, pan: -0.16, reverb: 0.22, release: 0.06, polyphony: 8 },
  // biome-ignore format: as above
  Flute: { ...sustained, pitches: range(60, 96), layers: [48, 104], seconds: [3, 2.6], level: -0.5, pan: 0.36, reverb: 0.3, release: 0.07, polyphony: 8 },
  // biome-ignore format: as above
  Drums: { ...decaying, pitches: PERCUSSION_KEYS, layers: [48, 112], seconds: [4, 4], level: 0, pan: 0, reverb: 0.09, release: 0.12, polyphony: 32 },
  // biome-ignore format: as above
  Choir: { ...sustained, channels: 2, pitches: range(41, 84), layers: [48, 104], seconds: [4.6, 4.2], level: -3, pan: 0, reverb: 0.36, release: 0.2, polyphony: 16 },
  // biome-ignore format: as above
  Organ: { ...sustained, pitches: range(36, 96), layers: [48, 104], seconds: [5, 4.5], level: -3, pan: 0.06, reverb: 0.3, release: 0.12, polyphony: 24 },
};

/** One plan an instrument, in the order of their ids. */
export const SAMPLING_PLAN: readonly SamplingPlan[] = INSTRUMENTS.map((name, instrument) => ({
  instrument,
  name,
  program: WRITTEN_PROGRAM[instrument],
  ...ROWS[name],
}));

/** The longest sample of `plan` at `pitch`, in seconds: falls in proportion across the range. */
export function longestSample(plan: SamplingPlan, pitch: number): number {
  if (plan.instrument === DRUMS) return plan.seconds[0];
  const lowest = plan.pitches[0];
  const highest = plan.pitches[plan.pitches.length - 1];
  const place = (pitch - lowest) / (highest - lowest);
  return plan.seconds[0] + (plan.seconds[1] - plan.seconds[0]) * place;
}

/** The choke group of a percussion key, or undefined. */
export function chokeGroup(key: number): number | undefined {
  const group = CHOKE_GROUPS.findIndex((keys) => keys.includes(key));
  return group < 0 ? undefined : group;
}

/** Where a percussion key stands, -1 left to 1 right. */
export const drumPlace = (key: number): number => DRUM_PLACES[key] ?? 0;
