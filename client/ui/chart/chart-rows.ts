/** Where the rows of the chart lane lie, from above: chords, who plays, density, energy. All pixels are CSS pixels. */
import { INSTRUMENTS } from "#music/instrument.ts";

/** A row that is drawn on. */
export type DrawnRow = "players" | "density" | "energy";

/** Those that are curves. */
export const LEVEL_ROWS = ["density", "energy"] as const satisfies readonly DrawnRow[];
export type LevelRow = (typeof LEVEL_ROWS)[number];

/** One row's place. */
export interface Row {
  readonly top: number;
  readonly height: number;
}

/** The rows, and how high all are. */
export interface ChartRows extends Readonly<Record<"chords" | DrawnRow, Row>> {
  readonly height: number;
}

const HEIGHTS = {
  fine: { chords: 36, players: 42, density: 30, energy: 30 },
  coarse: { chords: 36, players: 54, density: 46, energy: 46 },
} as const;

/** The least room between two rows. */
const GAP = 3;

/** @param coarse whether fingers draw: then rows are as high as a finger */
export function rowsOf(coarse: boolean): ChartRows {
  const { chords, players, density, energy } = HEIGHTS[coarse ? "coarse" : "fine"];
  const first = { top: 0, height: chords };
  const after = ({ top, height }: Row, next: number): Row => ({
    top: top + height + GAP,
    height: next,
  });
  const second = after(first, players);
  const third = after(second, density);
  const fourth = after(third, energy);
  return {
    ...{ chords: first, players: second, density: third, energy: fourth },
    height: fourth.top + fourth.height + GAP,
  };
}

/** The lane of an instrument within the players' row. */
export function instrumentLane({ top, height }: Row, instrument: number): Row {
  const lane = height / INSTRUMENTS.length;
  return { top: top + instrument * lane, height: lane };
}
