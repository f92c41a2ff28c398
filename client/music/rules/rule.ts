/**
 * One rule of several: narrows the notes that may be struck at an onset. Rules change with time only where they say
 * so, so that a time can be allowed for the notes that will be there, and not for those of now.
 */

import type { Instrument } from "#music/instrument.ts";

/** Notes are instrument * 128 + pitch, 1,536 of them. */
export interface Rule {
  /** Clears what may not be struck at `onset`, in steps since the piece began. */
  narrow(allowed: Uint8Array, onset: number): void;
  /** Clears what may not sound at `step` where it was struck before; nothing where undefined. */
  hold?(allowed: Uint8Array, step: number): void;
  /** The first step after `onset` from which the rule may say something else; Infinity where it never does. */
  changesAfter(onset: number): number;
}

/**
 * Narrows by each rule in turn. A rule that would leave nothing is passed over, so that the earlier ones hold.
 * @param allowed (1,536) 1 or 0, at least one 1, before and after
 */
export function narrowBy(rules: readonly Rule[], allowed: Uint8Array, onset: number): void {
  for (const rule of rules) {
    const before = allowed.slice();
    rule.narrow(allowed, onset);
    if (!allowed.includes(1)) allowed.set(before);
  }
}

/** The first step after `onset` at which any of the rules may change. */
export const nextChange = (rules: readonly Rule[], onset: number): number =>
  rules.reduce((next, rule) => Math.min(next, rule.changesAfter(onset)), Number.POSITIVE_INFINITY);

/** Clears the notes of an instrument. */
export const clear = (allowed: Uint8Array, instrument: Instrument): void => {
  allowed.fill(0, instrument * 128, (instrument + 1) * 128);
};
