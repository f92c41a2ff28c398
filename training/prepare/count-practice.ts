/**
 * `npm run count-practice -- --data DIR`: counts what prepared music does with chords, players and levels and writes
 * client/music/chart/practice-table.ts, which the arranger reads. Only the training split is counted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { HarmonyCount } from "./harmony-count.ts";
import { PiecePractice, readRecords } from "./piece-practice.ts";
import { StyleCount } from "./style-count.ts";

const TABLE = resolve(import.meta.dirname, "../../client/music/chart/practice-table.ts");

/** Styles that share their counts of chords, by name; each is a family of its own where unnamed. */
const FAMILIES: readonly (readonly string[])[] = [
  ["rock", "pop", "country", "hip hop", "soul", "metal", "ambient"],
  ["folk", "hymn", "song"],
  ["game"],
  ["orchestra", "chamber", "piano", "choir"],
  ["jazz"],
];

interface Index {
  readonly pieces: readonly (readonly number[])[];
}

function main(): void {
  const { values } = parseArgs({ options: { data: { type: "string" } } });
  if (values.data === undefined) {
    throw new Failure("usage", "Name a folder that prepare-data wrote with --data DIR.");
  }
  const index = JSON.parse(readFileSync(join(values.data, "train.index.json"), "utf8")) as Index;
  const chart = readFileSync(join(values.data, "train.chart.bin"));
  const harmonies = FAMILIES.map(() => new HarmonyCount());
  const styles = STYLES.map(() => new StyleCount());
  const all = new StyleCount();
  for (const [, , , first, count, styleRow] of index.pieces) {
    const piece = new PiecePractice(readRecords(chart, first, count));
    all.add(piece);
    if (styleRow === 0) continue;
    const style = styleRow - 1;
    styles[style].add(piece);
    harmonies[FAMILIES.findIndex((names) => names.includes(STYLES[style]))].add(piece);
  }
  const table = {
    harmonies: harmonies.map((count) => count.table()),
    styles: styles.map((count, style) => ({
      harmony: FAMILIES.findIndex((names) => names.includes(STYLES[style])),
      ...count.table(all),
    })),
  };
  const text = `/** What music does, counted from the training music by \`npm run count-practice\`. Not written by hand. */
import type { PracticeTable } from "./practice.ts";

export const PRACTICE_TABLE: PracticeTable = JSON.parse(
  \`${JSON.stringify(table)}\`,
);
`;
  writeFileSync(TABLE, text);
  process.stdout.write(
    `${JSON.stringify({ pieces: index.pieces.length, bytes: text.length, styles: styles.map((s) => s.pieces) })}\n`,
  );
}

try {
  main();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error instanceof Failure && error.kind === "usage" ? 2 : 1;
}
