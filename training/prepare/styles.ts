/**
 * Styles of files, given beside them: lines of `<source>/<file name>`, a tab, and the name of a style. A file without
 * a line is open: of no style that is said.
 */
import { readFileSync } from "node:fs";
import { Failure } from "#base/failure.ts";
import { STYLES } from "#music/chart/conditions.ts";

/** Row of a style by `<source>/<file name>`: 0 open, else 1 + its index in STYLES. */
export type StyleRows = ReadonlyMap<string, number>;

/** Reads a file of styles. @throws Failure "unreadable" with the line that is none. */
export function readStyles(path: string): StyleRows {
  const rows = new Map<string, number>();
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    if (line === "") continue;
    const [file, style] = line.split("\t");
    const row = style === "open" ? 0 : 1 + (STYLES as readonly string[]).indexOf(style);
    if (style === undefined || (row === 0 && style !== "open")) {
      throw new Failure(
        "unreadable",
        `Line ${index + 1} of ${path} names no style; write a file, a tab, and open or one of ${STYLES.join(", ")}.`,
      );
    }
    rows.set(file, row);
  }
  return rows;
}
