/** What a note becomes on its way to a machine: transposed, bent, kept within a range, put on the machine's drum keys. */
import type { MidiRoute, VelocityCurve } from "#engine/jam/route.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { type Mix, USUAL_MIX } from "./channel-setup.ts";

/** Exponents of the curves on velocities taken as 0-1; 0 makes all of them the highest, so the level one is set below. */
const EXPONENTS: Readonly<Record<Exclude<VelocityCurve, "level">, number>> = {
  "as played": 1,
  softer: 1.6,
  harder: 0.6,
};

/** What every note has where all are to be equally loud. */
const LEVEL_VELOCITY = 100;

/** A velocity (1-127) after a curve, 1-127. */
export function bentVelocity(velocity: number, curve: VelocityCurve): number {
  if (curve === "level") return LEVEL_VELOCITY;
  return Math.max(1, Math.round(127 * (velocity / 127) ** EXPONENTS[curve]));
}

/** Pitch and velocity to send, or undefined where the route leaves the note out. */
export function routedNote(
  route: MidiRoute,
  note: { readonly instrument: Instrument; readonly pitch: number; readonly velocity: number },
  mix: Mix,
): { pitch: number; velocity: number } | undefined {
  const pitch = pitchOn(route, note.instrument, note.pitch);
  if (pitch === undefined || pitch < route.lowest || pitch > route.highest) return undefined;
  const bent = bentVelocity(note.velocity, route.velocityCurve);
  if (route.mixing !== "velocity") return { pitch, velocity: bent };
  if (mix.level === 0) return undefined;
  const scaled = Math.round((bent * mix.level) / USUAL_MIX.level);
  return { pitch, velocity: Math.min(127, Math.max(1, scaled)) };
}

function pitchOn(route: MidiRoute, instrument: Instrument, pitch: number): number | undefined {
  if (instrument === DRUMS) return route.drumKeys === undefined ? pitch : route.drumKeys[pitch];
  const moved = pitch + route.transposition;
  return moved >= 0 && moved <= 127 ? moved : undefined;
}
