/** Eight places that each keep a whole performance, to be brought back on stage. */
import { assert } from "#base/assert.ts";
import { Emitter } from "#base/emitter.ts";
import type { Performance } from "./performance.ts";

/** How many there are. */
export const BANKS = 8;

/** What each place keeps; undefined where it is empty. */
export type BankSlots = readonly (Performance | undefined)[];

/** See the header. */
export class Banks {
  readonly changed = new Emitter<BankSlots>();
  #slots: BankSlots = new Array(BANKS).fill(undefined);

  get state(): BankSlots {
    return this.#slots;
  }

  /** Keeps a performance in place of what was there; undefined empties the place. @param index 0-7 */
  keep(index: number, performance: Performance | undefined): void {
    assert(Number.isInteger(index) && index >= 0 && index < BANKS, `bank ${index}: expected 0..7`);
    this.#set(this.#slots.with(index, performance));
  }

  /** Takes what was kept from another visit. */
  restore(slots: BankSlots): void {
    this.#set(Array.from({ length: BANKS }, (_, index) => slots[index]));
  }

  #set(slots: BankSlots): void {
    this.#slots = slots;
    this.changed.emit(slots);
  }
}
