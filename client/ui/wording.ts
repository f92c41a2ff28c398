/** Numbers as the surface says them. */
import { type Key, keyName, TONICS } from "#music/key.ts";
import type { MetreMap } from "#music/metre.ts";

const MEGABYTE = 1_000_000;

/** "12.3 of 41.0 MB". */
export const bytesOf = (loaded: number, total: number): string =>
  `${(loaded / MEGABYTE).toFixed(1)} of ${(total / MEGABYTE).toFixed(1)} MB`;

/** "4.1 s". */
export const secondsText = (seconds: number): string => `${Math.max(0, seconds).toFixed(1)} s`;

/** A share 0-1 as "42 %". */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Bar and beat of a step, one-based as musicians count. */
export function barAndBeat(
  step: number,
  metres: MetreMap,
): { readonly bar: number; readonly beat: number } {
  const { bar, beat } = metres.beatAt(step);
  return { bar: bar.index + 1, beat: beat + 1 };
}

/** A pan -1 to 1 as "centre", "40 % left", "40 % right". */
export function panText(pan: number): string {
  if (Math.abs(pan) < 0.005) return "centre";
  return `${percent(Math.abs(pan))} ${pan < 0 ? "left" : "right"}`;
}

/** How fast a machine composes, against the clock of the music: "1.8 times real time". */
export const realTimeText = (factor: number): string =>
  factor > 0 ? `${factor.toFixed(factor < 10 ? 1 : 0)} times real time` : "at a rate not known yet";

/** A key in words, also where there is none. */
export const keyText = (key: Key | undefined): string =>
  key === undefined ? "any key" : keyName(key);

/** A pitch as musicians name it, middle C being C4: "F♯3". */
export const pitchText = (pitch: number): string =>
  `${TONICS[pitch % 12]}${Math.floor(pitch / 12) - 1}`;

/** "1 bar", "2 bars". */
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? "" : "s"}`;
