/**
 * Soft takeover: a fader that stands elsewhere than what it moves does nothing until it comes within 3/128 of it or passes
 * it, so that nothing jumps. It keeps hold until something else moves the target away.
 */

/** How near is near enough. */
export const REACH = 3 / 128;

/** Of one control. */
export class Takeover {
  /** Where the control stood last. */
  #stood: number | undefined;
  /** Where the target was left by it; undefined while it has no hold. */
  #left: number | undefined;

  /** Whether a control that moves to `share` may move a target that stands at `present`, both 0-1. */
  takes(share: number, present: number): boolean {
    const before = this.#stood;
    this.#stood = share;
    const holds = this.#left !== undefined && Math.abs(present - this.#left) <= REACH;
    const passes = before !== undefined && (before - present) * (share - present) <= 0;
    if (holds || passes || Math.abs(share - present) <= REACH) return true;
    this.#left = undefined;
    return false;
  }

  /** The target stands at `share` after its move. */
  left(share: number): void {
    this.#left = share;
  }
}
