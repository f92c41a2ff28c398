/** Who is heard, as mixers have it: a mute silences; once one is soloed, only the soloed sound. */
import type { Strip } from "#engine/session-state.ts";
import { DRUMS } from "#music/instrument.ts";

/** Whether the model may give an instrument notes: the drums follow their own switch. */
export const isOn = (strip: Strip, drums: boolean): boolean =>
  strip.instrument === DRUMS ? drums : strip.enabled;

/** For each strip, whether what it plays is heard. Notes of a strip just switched off still are. */
export function audibleStrips(strips: readonly Strip[]): boolean[] {
  const solo = strips.some((strip) => strip.soloed);
  return strips.map((strip) => !strip.muted && (!solo || strip.soloed));
}
