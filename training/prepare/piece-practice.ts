/** One prepared piece's chart as counts need it: its bars, and the key that its chords are in. */

import type { Chord } from "#music/chart/chart.ts";
import { QUALITIES } from "#music/chart/chart.ts";
import { keyOfChords } from "#music/chart/chord-key.ts";
import type { Mode } from "#music/chart/progressions.ts";

/** Bytes of a record of chart.bin, see training/README.md: steps, phase, then the rows. */
const RECORD = 21;
const ROW = { chord: 3, density: 4, drumDensity: 5, energy: 6, novelty: 7, leader: 8, players: 9 };

/** Half a bar of a chart; levels are undefined where they are open. */
export interface HalfRecord {
  readonly steps: number;
  readonly phase: number;
  readonly chord: Chord | "none" | undefined;
  readonly density: number | undefined;
  readonly drumDensity: number | undefined;
  readonly energy: number | undefined;
  readonly novelty: number | undefined;
  readonly leader: number | undefined;
  /** (12) */
  readonly plays: readonly boolean[];
}

const level = (row: number): number | undefined => (row === 0 ? undefined : row - 1);

function chordOf(row: number): Chord | "none" | undefined {
  if (row === 0) return undefined;
  if (row === 12 * QUALITIES.length + 1) return "none";
  return {
    root: Math.floor((row - 1) / QUALITIES.length),
    quality: QUALITIES[(row - 1) % QUALITIES.length],
  };
}

/** `count` records from `first` on. */
export function readRecords(chart: Uint8Array, first: number, count: number): HalfRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const record = chart.subarray((first + i) * RECORD, (first + i + 1) * RECORD);
    return {
      steps: record[0],
      phase: record[1],
      chord: chordOf(record[ROW.chord]),
      density: level(record[ROW.density]),
      drumDensity: level(record[ROW.drumDensity]),
      energy: level(record[ROW.energy]),
      novelty: level(record[ROW.novelty]),
      leader: level(record[ROW.leader]),
      plays: Array.from(record.subarray(ROW.players, ROW.players + 12), (row) => row === 2),
    };
  });
}

/** A bar: the record of its first half, and the chords of both. */
export interface BarPractice {
  readonly record: HalfRecord;
  /** Of the whole bar. */
  readonly steps: number;
  readonly chords: readonly [Chord | "none" | undefined, Chord | "none" | undefined];
}

/** See the header. */
export class PiecePractice {
  readonly bars: readonly BarPractice[];
  readonly tonic: number;
  readonly mode: Mode;

  constructor(records: readonly HalfRecord[]) {
    const bars: BarPractice[] = [];
    for (const [i, record] of records.entries()) {
      if (record.phase !== 0) continue;
      const next = records[i + 1];
      const second = next !== undefined && next.phase > 0 ? next : undefined;
      bars.push({
        record,
        steps: record.steps + (second?.steps ?? 0),
        chords: [record.chord, (second ?? record).chord],
      });
    }
    this.bars = bars;
    const { tonic, mode } = keyOfChords(records);
    this.tonic = tonic;
    this.mode = mode;
  }
}
