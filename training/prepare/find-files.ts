/**
 * Which files a preparation reads, in an order that depends on their names alone, and what tells one
 * set of files from another, so that a run only goes on with the files it began with.
 */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { StyleRows } from "./styles.ts";

/** A MIDI file; `source` is an index into `Input.sources`, `style` a row (0 open, else 1 + index in STYLES). */
export interface MidiFile {
  readonly path: string;
  readonly source: number;
  readonly style: number;
}

/** All files of a preparation. Their paths are held in memory: some 200 bytes a file. */
export interface Input {
  readonly files: readonly MidiFile[];
  /** Names of the folders right below the roots; a root's own name for files that lie in it. */
  readonly sources: readonly string[];
  /** SHA-256 over the names below the roots, the sizes and the styles, in hexadecimal. */
  readonly identity: string;
}

/**
 * Finds the files named .mid or .midi in folders and below, in any case; links to files are
 * followed, links to folders are not. A link that leads nowhere counts, so that the report tells of it.
 */
export function findFiles(roots: readonly string[], styles: StyleRows = new Map()): Input {
  const sources: string[] = [];
  const files: MidiFile[] = [];
  const identity = createHash("sha256");
  for (const root of roots) {
    const paths = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.midi?$/i.test(entry.name) && !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths) {
      const size = sizeOf(path);
      if (size === "no file") continue;
      const name = relative(root, path).split(sep);
      const source = name.length > 1 ? name[0] : basename(root);
      let index = sources.indexOf(source);
      if (index < 0) index = sources.push(source) - 1;
      const style = styles.get(`${source}/${basename(path)}`) ?? 0;
      files.push({ path, source: index, style });
      identity.update(`${source}\0${name.join("/")}\0${size}\0${style}\n`);
    }
  }
  return { files, sources, identity: identity.digest("hex") };
}

/** A file's size in bytes; what cannot be looked at is left for the reader of the file to report. */
function sizeOf(path: string): number | "unknown" | "no file" {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : "no file";
  } catch {
    return "unknown";
  }
}
