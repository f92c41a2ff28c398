/**
 * How a piece that is asked for lies in time. A prime brings metres and tempos of its own, which stay as they are; from
 * the bar after it the metre holds that was asked for. A tempo other than the prime's makes all of it faster or slower.
 */
import { GrooveMap } from "#music/groove-map.ts";
import { COMMON_TIME, type Metre, MetreMap } from "#music/metre.ts";
import { openingTempo, type Prime } from "#music/midi/prime.ts";
import { endOfNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { grooveOf } from "./controls.ts";

/** What of a request says how its piece lies in time. */
export interface PieceTime {
  /** Length in bars. */
  readonly bars: number;
  /** Of what is composed; the prime's last where undefined, and 4/4 without a prime. */
  readonly metre?: Metre;
  /** Quarter notes a minute at the beginning. */
  readonly tempo: number;
  readonly prime?: Prime;
}

/** The metre in which a prime's last note ends; 4/4 without a prime. */
export function lastMetre(prime: Prime | undefined): Metre {
  if (prime === undefined) return COMMON_TIME;
  return new MetreMap(prime.metres).barAt(endOfNotes(prime.notes) - 1).metre;
}

/** The metres of a whole piece. */
export const metresOf = ({ prime, metre = lastMetre(prime) }: Omit<PieceTime, "bars" | "tempo">) =>
  new MetreMap(prime?.metres).changedFrom(endOfNotes(prime?.notes ?? []), metre);

/** The tempos of a whole piece, the first at step 0; the last holds for what is composed. */
export function temposOf({ prime, tempo }: Pick<PieceTime, "prime" | "tempo">): TempoPoint[] {
  if (prime === undefined || prime.tempos.length === 0) return [{ step: 0, tempo }];
  const faster = tempo / openingTempo(prime);
  return prime.tempos.map((point) => ({ ...point, tempo: point.tempo * faster }));
}

/** How a whole piece is played: what it goes on from as it was, the rest as it is asked for. */
export const groovesOf = (request: Pick<PieceTime, "prime"> & Parameters<typeof grooveOf>[0]) =>
  new GrooveMap(request.prime?.grooves).changedFrom(
    endOfNotes(request.prime?.notes ?? []),
    grooveOf(request),
  ).points;

/** The step at which a piece ends. */
export const endStepOf = (time: PieceTime): number => metresOf(time).bar(time.bars).start;
