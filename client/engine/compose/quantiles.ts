/** Which part of what the model would play is left: of an instrument's pitches, or of the band's loudness. */
import type { Quantile } from "#model/quantile.ts";
import type { Instrument } from "#music/instrument.ts";
import {
  durationToken,
  MAX_DURATION,
  noteToken,
  VELOCITY_BUCKETS,
} from "#music/tokens/vocabulary.ts";
import type { SamplingSettings } from "./composition.ts";

/** Shares of the probability, from the lowest or softest on. */
export const QUANTILES = {
  all: [0, 1],
  lower: [0, 0.5],
  middle: [0.25, 0.75],
  upper: [0.5, 1],
} as const satisfies Record<string, readonly [from: number, to: number]>;

export type QuantileName = keyof typeof QUANTILES;

/**
 * The same way of drawing, with parts left. Loudness is said before the instrument is, so it has one part for the band.
 * @param pitches of each instrument, by its id @param velocities of all
 */
export function withQuantiles(
  sampling: SamplingSettings,
  pitches: readonly QuantileName[],
  velocities: QuantileName,
): SamplingSettings {
  const own = pitches.flatMap((name, instrument) => pitchQuantile(name, instrument));
  return {
    ...sampling,
    ...(velocities === "all"
      ? {}
      : { dynamics: { ...sampling.dynamics, quantiles: [velocityQuantile(velocities)] } }),
    ...(own.length === 0 ? {} : { pitch: { ...sampling.pitch, quantiles: own } }),
  };
}

function pitchQuantile(name: QuantileName, instrument: Instrument): Quantile[] {
  if (name === "all") return [];
  const [from, to] = QUANTILES[name];
  return [{ first: noteToken(instrument, 0), length: 128, from, to }];
}

/** Of each duration, its velocities from soft to loud. */
function velocityQuantile(name: QuantileName): Quantile {
  const [from, to] = QUANTILES[name];
  return { first: durationToken(1, 0), length: VELOCITY_BUCKETS, runs: MAX_DURATION, from, to };
}
