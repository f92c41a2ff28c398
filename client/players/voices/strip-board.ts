/**
 * Carries the strips of the session's state to where they are heard: level, pan, mute and solo to the band's strips,
 * routes, levels and pans to the routing player. What is muted gets no notes on a MIDI port either.
 */
import { audibleStrips, type Strip } from "#engine/jam/performance.ts";
import type { Instrument } from "#music/instrument.ts";
import type { RoutingPlayer } from "#players/routing-player.ts";
import type { Band } from "#sound/band.ts";

/** Fader position at which a strip has the kit's own level. */
const UNITY = 0.8;

/** Decibels of a fader position 0-1: 0 at unity, +6 at the top, silence at the bottom. */
function faderDecibels(level: number): number {
  if (level <= 0) return Number.NEGATIVE_INFINITY;
  return level >= UNITY ? (6 * (level - UNITY)) / (1 - UNITY) : 40 * Math.log10(level / UNITY);
}

/** Applies strips; only what changed is touched. */
export class StripBoard {
  readonly #band: Band;
  readonly #routing: RoutingPlayer;
  readonly #kitLevels: readonly number[];
  readonly #kitPans: readonly number[];
  #strips: readonly Strip[] = [];

  constructor(band: Band, routing: RoutingPlayer, instruments: readonly Instrument[]) {
    this.#band = band;
    this.#routing = routing;
    this.#kitLevels = instruments.map((instrument) => band.strip(instrument).level);
    this.#kitPans = instruments.map((instrument) => band.strip(instrument).pan);
  }

  /** Brings everything in line with `strips`, one an instrument in the order of their ids. */
  apply(strips: readonly Strip[]): void {
    if (strips === this.#strips) return;
    const audible = audibleStrips(strips);
    for (const [instrument, strip] of strips.entries()) {
      const before = this.#strips[instrument];
      const mixed = this.#band.strip(instrument);
      if (before?.level !== strip.level) {
        mixed.level = this.#kitLevels[instrument] + faderDecibels(strip.level);
      }
      if (before?.pan !== strip.pan) {
        mixed.pan = Math.min(1, Math.max(-1, this.#kitPans[instrument] + strip.pan));
      }
      if (before?.muted !== strip.muted) mixed.muted = strip.muted;
      if (before?.soloed !== strip.soloed) mixed.soloed = strip.soloed;
      this.#routing.setAudible(instrument, audible[instrument]);
      if (before === undefined || before.route !== strip.route) {
        this.#routing.setRoute(instrument, strip.route);
      }
      if (before?.level !== strip.level || before.pan !== strip.pan) {
        this.#routing.setMix(instrument, { level: strip.level, pan: strip.pan });
      }
    }
    this.#strips = strips;
  }
}
