/** Which bar a player means who presses something: the one that sounds, but on its first beat the one just heard. */
import type { MetreMap } from "#music/metre.ts";

/** Its zero-based index. @param step where the music stands, not negative */
export function meantBar(metres: MetreMap, step: number): number {
  const { bar, beat } = metres.beatAt(step);
  return Math.max(0, bar.index - (beat === 0 ? 1 : 0));
}
