/**
 * Which files a preparation reads, in an order that depends on their names alone, and what tells one
 * set of files from another, so that a run only goes on with the files it began with.
 */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { type FileNotes, NO_NOTES } from "./file-lists.ts";

/** A MIDI file; `source` is an index into `Input.sources`, `style` a row: 0 open, else 1 + index in STYLES. */
export interface MidiFile {
  readonly path: string;
  readonly source: number;
  readonly style: number;
  /** Whether earlier weights learned from it. */
  readonly learned: boolean;
}

/** All files of a preparation. Their paths are held in memory: some 200 bytes a file. */
export interface Input {
  readonly files: readonly MidiFile[];
  /** Names of the folders right below the roots; a root's own name for files that lie in it. */
  readonly sources: readonly string[];
  /** SHA-256 over the names below the roots, the sizes and what is noted of them, in hexadecimal. */
  readonly identity: string;
}

/**
 * Finds the files named .mid, .midi, .kar or .rmi in folders and below, in any case; links to files are
 * followed, links to folders are not. A link that leads nowhere counts, so that the report tells of it.
 */
export function findFiles(
  roots: readonly string[],
  { styles, learned }: FileNotes = NO_NOTES,
): Input {
  const sources: string[] = [];
  const files: MidiFile[] = [];
  const identity = createHash("sha256");
  for (const root of roots) {
    const paths = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.(midi?|kar|rmi)$/i.test(entry.name) && !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths) {
      const size = sizeOf(path);
      if (size === "no file") continue;
      const name = relative(root, path).split(sep);
      const source = name.length > 1 ? name[0] : basename(root);
      let index = sources.indexOf(source);
      if (index < 0) index = sources.push(source) - 1;
      const id = `${source}/${basename(path)}`;
      const notes = { style: styles.get(id) ?? 0, learned: learned.has(id) };
      files.push({ path, source: index, ...notes });
      identity.update(`${source}\0${name.join("/")}\0${size}\0${notes.style}\0${notes.learned}\n`);
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
