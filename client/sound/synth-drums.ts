/**
 * Synthesised percussion for the keys of the GM map: a swept sine for skins and wood, filtered
 * seeded noise for wires, hats and shakers, a cluster of square-root-related partials for metal.
 * A table of families keeps one line a kind of drum.
 */
import type { Random } from "#base/random.ts";

/** How one percussion key is struck. Frequencies in hertz, times in seconds. */
export interface Stroke {
  /** Frequency of the skin when struck and when it rings; 0 for none. */
  readonly tone: number;
  readonly settled: number;
  readonly toneLevel: number;
  readonly noiseLevel: number;
  /** High-pass of the noise. */
  readonly edge: number;
  /** Time constant. */
  readonly decay: number;
  readonly peak: number;
  readonly choke?: number;
}

const skin = (tone: number, settled: number, decay: number, peak = 0.55): Stroke => {
  return { tone, settled, toneLevel: 1, noiseLevel: 0.06, edge: 2000, decay, peak };
};
const wires: Stroke = {
  ...{ tone: 240, settled: 180, toneLevel: 0.5, noiseLevel: 0.6, edge: 1200, decay: 0.07 },
  peak: 0.45,
};
const metal = (decay: number, edge: number, peak: number): Stroke => {
  return { tone: 0, settled: 0, toneLevel: 0, noiseLevel: 1, edge, decay, peak };
};
const wood = (tone: number): Stroke => {
  return { tone, settled: tone, toneLevel: 1, noiseLevel: 0.1, edge: 3000, decay: 0.03, peak: 0.3 };
};
const bell = (tone: number, decay: number): Stroke => ({ ...wood(tone), decay, peak: 0.2 });

const HAT = 0;

const STROKES: Readonly<Record<number, Stroke>> = {
  35: skin(130, 45, 0.11, 0.7),
  36: skin(150, 52, 0.1, 0.7),
  37: wood(900),
  38: wires,
  39: { ...metal(0.06, 900, 0.35), tone: 0 },
  40: { ...wires, edge: 1800 },
  41: skin(120, 78, 0.22),
  43: skin(140, 92, 0.2),
  45: skin(165, 110, 0.18),
  47: skin(190, 130, 0.17),
  48: skin(220, 150, 0.16),
  50: skin(255, 175, 0.15),
  42: { ...metal(0.03, 7000, 0.22), choke: HAT },
  44: { ...metal(0.04, 6000, 0.18), choke: HAT },
  46: { ...metal(0.22, 6500, 0.22), choke: HAT },
  49: metal(0.8, 3500, 0.3),
  51: metal(0.5, 6000, 0.14),
  52: metal(0.7, 2500, 0.3),
  53: bell(1900, 0.4),
  54: metal(0.08, 7500, 0.2),
  55: metal(0.4, 5000, 0.26),
  56: bell(560, 0.12),
  57: metal(0.9, 3000, 0.3),
  59: metal(0.55, 5000, 0.16),
  60: skin(420, 390, 0.07, 0.35),
  61: skin(320, 295, 0.09, 0.35),
  62: skin(330, 310, 0.04, 0.35),
  63: skin(310, 280, 0.11, 0.35),
  64: skin(240, 210, 0.13, 0.4),
  65: skin(480, 440, 0.14, 0.35),
  66: skin(360, 330, 0.17, 0.35),
  67: bell(980, 0.09),
  68: bell(700, 0.1),
  75: wood(2400),
  76: wood(1100),
  77: wood(780),
  80: bell(4200, 0.06),
  81: bell(4200, 0.6),
};
const SHAKEN = metal(0.035, 5500, 0.16);

/** The stroke of a percussion key; keys without a line of their own sound shaken. */
export const strokeOf = (key: number): Stroke => STROKES[key] ?? SHAKEN;

/** Computes a stroke, its peak at `stroke.peak`. `random` makes the noise. */
export function renderStroke(
  stroke: Stroke,
  sampleRate: number,
  random: Random,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.ceil((stroke.decay * 6 + 0.02) * sampleRate));
  const edge = Math.exp((-2 * Math.PI * stroke.edge) / sampleRate);
  let [phase, low, peak] = [0, 0, 1e-9];
  for (let frame = 0; frame < samples.length; frame++) {
    const time = frame / sampleRate;
    const sweep = Math.exp(-time / 0.03);
    phase += (stroke.settled + (stroke.tone - stroke.settled) * sweep) / sampleRate;
    const noise = 2 * random.at(frame) - 1;
    low = low * edge + noise * (1 - edge);
    const tone = stroke.toneLevel * Math.sin(2 * Math.PI * phase);
    const value = tone + stroke.noiseLevel * (noise - low);
    samples[frame] = value * Math.exp(-time / stroke.decay) * Math.min(1, time / 0.0005);
    peak = Math.max(peak, Math.abs(samples[frame]));
  }
  for (let frame = 0; frame < samples.length; frame++) samples[frame] *= stroke.peak / peak;
  return samples;
}
