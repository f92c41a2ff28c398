/**
 * `npm run count-practice -- --data DIR`: counts what prepared music does with chords, players and levels and writes
 * presets/practice.json, which the arranger reads. Only the training split is counted.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import { PiecePractice, readRecords } from "./piece-practice.ts";
import { PracticeCount } from "./practice-count.ts";

const TABLE = resolve(import.meta.dirname, "../../presets/practice.json");

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
  const counted = new PracticeCount();
  for (const [, , , first, count, styleRow] of index.pieces)
    counted.add(
      new PiecePractice(readRecords(chart, first, count)),
      styleRow === 0 ? undefined : styleRow - 1,
    );
  const text = `${JSON.stringify(counted.table())}\n`;
  writeFileSync(TABLE, text);
  process.stdout.write(
    `${JSON.stringify({ pieces: index.pieces.length, bytes: text.length, styles: counted.pieces })}\n`,
  );
}

try {
  main();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = error instanceof Failure && error.kind === "usage" ? 2 : 1;
}
