/**
 * What is said of files beside them, in lines that begin with `<source>/<file name>`: their styles (after a tab), or that
 * earlier weights learned from them.
 */
import { readFileSync } from "node:fs";
import { Failure } from "#base/failure.ts";
import { STYLES } from "#music/chart/conditions.ts";

/** What is known of files by `<source>/<file name>`. */
export interface FileNotes {
  /** Row of a file's style: 0 open, else 1 + its index in STYLES. Open where a file is not named. */
  readonly styles: ReadonlyMap<string, number>;
  /** Files that earlier weights learned from. */
  readonly learned: ReadonlySet<string>;
}

/** Nothing is known of any file. */
export const NO_NOTES: FileNotes = { styles: new Map(), learned: new Set() };

/** Reads a list of files, one a line. */
export const readFileList = (path: string): Set<string> =>
  new Set(readFileSync(path, "utf8").split("\n"));

/** Reads the styles of files. @throws Failure "unreadable" with the line that is none. */
export function readStyles(path: string): Map<string, number> {
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
