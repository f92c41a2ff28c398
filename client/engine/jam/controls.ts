/** What the player's controls and strips mean: their limits, how they hang together, what is composed from them. */

import { type CompositionSettings, drawnAlike } from "#engine/compose/composition.ts";
import { DRUMS, INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { type MetreMap, sameMetre } from "#music/metre.ts";
import { TEMPO_RANGE } from "#music/units.ts";
import type { Controls, Strip } from "./session-state.ts";

/** Controls after a change, each within its limits; a lead that cannot lead is left as it was. */
export function changedControls(before: Controls, change: Partial<Controls>): Controls {
  const controls = { ...before, ...change };
  return {
    ...controls,
    tempo: Math.min(TEMPO_RANGE.highest, Math.max(TEMPO_RANGE.lowest, controls.tempo)),
    lead: LEAD_INSTRUMENTS.includes(controls.lead) ? controls.lead : before.lead,
  };
}

/** Whether what is composed differs between two states of the controls. */
export function composesOtherwise(a: Controls, b: Controls): boolean {
  return (
    a.lead !== b.lead ||
    a.drums !== b.drums ||
    !sameMetre(a.metre, b.metre) ||
    a.temperature !== b.temperature ||
    a.topP !== b.topP ||
    a.key?.tonic !== b.key?.tonic ||
    a.key?.scale !== b.key?.scale
  );
}

/** The strips of a new session. */
export const defaultStrips = (controls: Controls): Strip[] =>
  INSTRUMENTS.map((_, instrument) => ({
    instrument,
    muted: false,
    soloed: false,
    level: 0.8,
    pan: 0,
    enabled: instrument !== DRUMS || controls.drums,
    route: { kind: "voice" },
  }));

/** Strips in step with the controls: the drums follow their switch, the lead always plays. */
export const stripsFor = (strips: readonly Strip[], controls: Controls): Strip[] =>
  strips.map((strip) => {
    if (strip.instrument === DRUMS) return { ...strip, enabled: controls.drums };
    return strip.instrument === controls.lead ? { ...strip, enabled: true } : strip;
  });

/** What the composer is told. @param density most notes a whole note, if there is a limit */
export function compositionSettings(
  controls: Controls,
  strips: readonly Strip[],
  metres: MetreMap,
  density?: number,
): CompositionSettings {
  const { lead, drums, key, temperature, topP, seed, tempo } = controls;
  const band: Instrument[] = strips
    .filter((strip) => strip.enabled && strip.instrument !== DRUMS)
    .map((strip) => strip.instrument);
  return {
    constraint: {
      lead,
      drums,
      metres: metres.points,
      ...(band.length === LEAD_INSTRUMENTS.length ? {} : { band }),
      ...(key === undefined ? {} : { key }),
      ...(density === undefined ? {} : { density }),
    },
    sampling: drawnAlike({ temperature, topP }),
    seed,
    tempo,
  };
}
