/**
 * From recordings to the takes that are kept: trimmed, looped, levelled. A softer layer stays only
 * where its brightness differs by more than 8% from the louder one above it. Levels follow three
 * rules: layers of a pitch are equally loud (velocity alone makes them soft), a pitch that sticks
 * out of its neighbours (a parabola through the instrument's loudness) is brought most of the way
 * back, and the instrument as a whole meets one loudness, so that equal velocities sound mixed.
 */
import { DRUMS } from "#music/instrument.ts";
import type { Stereo, Strike } from "./fluidsynth.ts";
import { type Looped, makeLoop } from "./loop.ts";
import { brightness, loudness, pitchError } from "./measure.ts";
import { longestSample, type SamplingPlan } from "./plan.ts";
import { peakOf, trimEnd, trimStart } from "./trim.ts";

/** A kept sample, before encoding. */
export interface Take {
  readonly pitch: number;
  readonly velocity: number;
  /** One or two channels, their peak at `PEAK`. */
  readonly channels: readonly Float32Array[];
  readonly loop?: Pick<Looped, "start" | "end" | "mismatch">;
  /** Deviation from the pitch in cents; undefined for percussion and where none is clear. */
  readonly cents: number | undefined;
  /** Factor that gives the take its level at velocity 127. */
  readonly gain: number;
}

/** Peak of every take as encoded: leaves MP3 room for its overshoot. */
const PEAK = 0.7;
/** Loudness of one note at velocity 127, LUFS, before the instrument's own level. */
const NOTE_LOUDNESS = -20;
const SAME_BRIGHTNESS = 0.08;
const LEVELLING = 0.8;
const ATTACK = 0.6; // seconds before a loop may start
const EXTRA = 0.3; // seconds recorded beyond the longest sample

/** Every pitch at every layer, in the order `takesOf` expects. */
export function strikesOf(plan: SamplingPlan): Strike[] {
  return plan.layers.flatMap((velocity) =>
    plan.pitches.map((pitch) => {
      return { pitch, velocity, seconds: longestSample(plan, pitch) + EXTRA };
    }),
  );
}

interface Candidate extends Omit<Take, "channels" | "gain"> {
  readonly note: Stereo;
  readonly brightness: number;
  readonly loudness: number;
}

/** The takes kept of `recordings`, which answer `strikesOf(plan)` one by one. */
export function takesOf(plan: SamplingPlan, recordings: readonly Stereo[]): Take[] {
  const strikes = strikesOf(plan);
  const candidates = recordings.map((note, index) => candidateOf(plan, strikes[index], note));
  const correction = correctionOf(plan, candidates);
  return candidates
    .filter((candidate) => isKept(candidate, candidates, plan))
    .map(({ note, pitch, velocity, loop, cents, loudness: measured }) => {
      const stereo = plan.channels === 2 ? note : [mix(note)];
      const scale = PEAK / peakOf(stereo);
      const channels = stereo.map((channel) => channel.map((sample) => sample * scale));
      const gain = 10 ** (correction(pitch, measured) / 20) / scale;
      return { pitch, velocity, channels, cents, gain, ...(loop && { loop }) };
    });
}

function candidateOf(plan: SamplingPlan, strike: Strike, recording: Stereo): Candidate {
  const trimmed = trimStart(recording);
  const loop = plan.sustained ? makeLoop(trimmed, ATTACK) : undefined;
  const note = loop?.note ?? trimEnd(trimmed);
  const mono = mix(note);
  return {
    pitch: strike.pitch,
    velocity: strike.velocity,
    note,
    ...(loop && { loop }),
    cents: plan.instrument === DRUMS ? undefined : pitchError(mono, strike.pitch),
    brightness: brightness(mono),
    loudness: loudness(note),
  };
}

/** Whether no louder candidate of the same pitch sounds the same. */
function isKept(candidate: Candidate, all: readonly Candidate[], plan: SamplingPlan): boolean {
  const above = plan.layers[plan.layers.indexOf(candidate.velocity) + 1];
  const louder = all.find(({ pitch, velocity }) => pitch === candidate.pitch && velocity === above);
  if (louder === undefined) return true;
  return Math.abs(louder.brightness / candidate.brightness - 1) > SAME_BRIGHTNESS;
}

/** Decibels that bring a take of a pitch and measured loudness to its level at velocity 127. */
function correctionOf(plan: SamplingPlan, candidates: readonly Candidate[]) {
  const loudest = candidates.filter(({ velocity }) => velocity === plan.layers.at(-1));
  if (plan.instrument === DRUMS) {
    // Drums keep their balance: kick and snare decide for all, and a soft layer is only raised.
    const byPitch = new Map(loudest.map(({ pitch, loudness: measured }) => [pitch, measured]));
    const reference = ((byPitch.get(36) ?? 0) + (byPitch.get(38) ?? 0)) / 2;
    return (pitch: number, measured: number) =>
      NOTE_LOUDNESS - reference + ((byPitch.get(pitch) ?? measured) - measured);
  }
  const curve = parabola(loudest.map(({ pitch, loudness: measured }) => [pitch, measured]));
  const middle = plan.pitches.slice(plan.pitches.length >> 2, -(plan.pitches.length >> 2));
  const reference = middle.reduce((sum, pitch) => sum + curve(pitch), 0) / middle.length;
  const own = new Map(loudest.map(({ pitch, loudness: measured }) => [pitch, measured]));
  return (pitch: number, measured: number) => {
    const loud = own.get(pitch) ?? measured;
    const levelled = loud + LEVELLING * (curve(pitch) - loud);
    return NOTE_LOUDNESS - reference + levelled - measured;
  };
}

/** Least-squares parabola through points. */
function parabola(points: readonly (readonly [number, number])[]): (x: number) => number {
  const centre = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const rows = [0, 1, 2].map((power) => [
    ...[0, 1, 2].map((other) =>
      points.reduce((sum, [x]) => sum + ((x - centre) / 12) ** (power + other), 0),
    ),
    points.reduce((sum, [x, y]) => sum + y * ((x - centre) / 12) ** power, 0),
  ]);
  for (let pivot = 0; pivot < 3; pivot++) {
    for (let row = 0; row < 3; row++) {
      if (row === pivot) continue;
      const factor = rows[row][pivot] / rows[pivot][pivot];
      rows[row] = rows[row].map((value, column) => value - factor * rows[pivot][column]);
    }
  }
  const [a, b, c] = rows.map((row, index) => row[3] / row[index]);
  return (x) => a + (b * (x - centre)) / 12 + c * ((x - centre) / 12) ** 2;
}

/** Both channels as one; their sum where they are alike, so nothing is lost. */
function mix([left, right]: Stereo): Float32Array {
  return left.map((sample, frame) => (sample + right[frame]) / 2);
}
