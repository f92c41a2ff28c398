import type { Key } from "#music/key.ts";

/** A key was chosen, or undefined for any; bubbles. */
export class KeyEvent extends Event {
  static readonly type = "cadenza-key";
  readonly value: Key | undefined;
  constructor(value: Key | undefined) {
    super(KeyEvent.type, { bubbles: true, composed: true });
    this.value = value;
  }
}
