/**
 * What we say to people on this machine names folders in full, because that is what helps them; what
 * leaves it does not say where the server keeps its files.
 */
import { basename, dirname } from "node:path";

/** Makes sentences fit to leave: of each of these folders (absolute) only its name stays. */
export function discretion(folders: readonly string[]): (text: string) => string {
  const longestFirst = [...folders].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce(
      (told, folder) =>
        dirname(folder) === folder ? told : told.replaceAll(folder, basename(folder)),
      text,
    );
}
