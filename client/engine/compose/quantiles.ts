/** Which part of what the model would play is left: of an instrument's pitches and loudness, or of the band's loudness. */
import type { Quantile } from "#model/quantile.ts";
import type { Instrument } from "#music/instrument.ts";
import {
  durationToken,
  MAX_DURATION,
  noteToken,
  VELOCITY_BUCKETS,
} from "#music/tokens/vocabulary.ts";
import type { SamplingSettings, Share } from "./composition.ts";

/** Shares of the probability, from the lowest or softest on. */
export const QUANTILES = {
  all: [0, 1],
  lower: [0, 0.5],
  middle: [0.25, 0.75],
  upper: [0.5, 1],
} as const satisfies Record<string, Share>;

export type QuantileName = keyof typeof QUANTILES;

/** What an instrument has of its velocities: a part of its own, or the band's. */
export type VelocityPart = "band" | QuantileName;

/** Parts of instruments, by their ids, and of the band. */
interface Parts {
  readonly pitches: readonly QuantileName[];
  readonly velocities: readonly VelocityPart[];
  readonly band: QuantileName;
}

/**
 * The same way of drawing, with parts left. Loudness is said before the instrument is: where all have the band's part it
 * is drawn in that, and where one has its own, in the whole, and moved into the part of whom the note falls to.
 */
export function withQuantiles(sampling: SamplingSettings, parts: Parts): SamplingSettings {
  const pitches = parts.pitches.flatMap((name, instrument) => pitchQuantile(name, instrument));
  return {
    ...sampling,
    ...velocitiesOf(sampling, parts),
    ...(pitches.length === 0 ? {} : { pitch: { ...sampling.pitch, quantiles: pitches } }),
  };
}

function velocitiesOf(
  { dynamics }: SamplingSettings,
  { velocities, band }: Parts,
): Partial<SamplingSettings> {
  const names = velocities.map((name) => (name === "band" ? band : name));
  if (names.some((name) => name !== band))
    return { velocities: names.map((name) => QUANTILES[name]) };
  return band === "all" ? {} : { dynamics: { ...dynamics, quantiles: [velocityQuantile(band)] } };
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
