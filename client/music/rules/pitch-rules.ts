/** Which pitches may be struck at any time: the registers that the player set, and the key. */
import { DRUMS } from "#music/instrument.ts";
import { type Key, pitchClassesOf } from "#music/key.ts";
import { keepTones } from "./chart-rules.ts";
import type { PartLimits } from "./part.ts";
import type { Rule } from "./rule.ts";

/** Each instrument keeps to its register; one that its range does not reach is passed over. */
export class RegisterRule implements Rule {
  readonly #parts: readonly PartLimits[];

  constructor(parts: readonly PartLimits[]) {
    this.#parts = parts;
  }

  narrow(allowed: Uint8Array): void {
    for (const [instrument, { register }] of this.#parts.entries()) {
      if (register === undefined) continue;
      const own = allowed.subarray(instrument * 128, (instrument + 1) * 128);
      const [lowest, highest] = register;
      const within = own.map((may, pitch) => (pitch >= lowest && pitch <= highest ? may : 0));
      if (within.includes(1)) own.set(within);
    }
  }

  changesAfter(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** Melodic pitches keep to a key; the drums are free. */
export class KeyRule implements Rule {
  readonly #tones: readonly number[];

  constructor(key: Key) {
    this.#tones = pitchClassesOf(key);
  }

  narrow(allowed: Uint8Array): void {
    // Drums alone are not what the key is to leave.
    const melodic = allowed.slice();
    melodic.fill(0, DRUMS * 128, (DRUMS + 1) * 128);
    keepTones(melodic, this.#tones);
    if (melodic.includes(1)) keepTones(allowed, this.#tones);
  }

  changesAfter(): number {
    return Number.POSITIVE_INFINITY;
  }
}
