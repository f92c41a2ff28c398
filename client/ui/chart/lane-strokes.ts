/**
 * What a pointer or key does on a row of the chart lane, as changes of what is drawn. A stroke across several bars draws
 * on each; playing is painted as the stroke began: on where it was off, off where it was on.
 */
import { HIGHEST_LEVEL } from "#music/chart/chart.ts";
import type { DrawnChange } from "#music/chart/player-chart.ts";
import type { Instrument } from "#music/instrument.ts";
import type { DrawnRow } from "./chart-rows.ts";
import { levelAt, type ShownBar } from "./shown-bars.ts";

/** Who plays, as it is painted. */
const painted = (instrument: Instrument, plays: boolean | undefined): DrawnChange => ({
  plays: { [instrument]: plays },
});

/** What a stroke draws on every bar it crosses. @param share height in the row, 0 at the bottom to 1 at the top */
export function strokeFrom(
  row: DrawnRow,
  begun: ShownBar,
  brush: Instrument,
): (share: number) => DrawnChange {
  const plays = begun.players[brush].value !== true;
  return (share) => (row === "players" ? painted(brush, plays) : { [row]: levelAt(share) });
}

/** What a key draws on a bar; undefined for a key that draws nothing. */
export function strokeOfKey(
  row: DrawnRow,
  key: string,
  bar: ShownBar,
  brush: Instrument,
): DrawnChange | undefined {
  const gives = key === "Delete" || key === "Backspace";
  if (row === "players") {
    if (gives) return painted(brush, undefined);
    const turns = key === " " || key === "Enter";
    return turns ? painted(brush, bar.players[brush].value !== true) : undefined;
  }
  if (gives) return { [row]: undefined };
  const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 2, PageDown: -2 }[key];
  const level = bar[row].value ?? 0;
  return by === undefined ? undefined : { [row]: Math.min(HIGHEST_LEVEL, Math.max(1, level + by)) };
}
