/** What a preparation reports of itself, report.json. */
import { REFUSALS, type Refusal } from "#music/midi/selection.ts";
import type { Counts } from "./counts.ts";
import type { Written } from "./write-splits.ts";

/** The content of report.json. `seconds` adds up the runs it took. */
export function summarise(input: string, counts: Counts, written: Written, seconds: number) {
  const { bytes, refused, files, kept, ...notes } = counts;
  return {
    input,
    files,
    kept,
    refused: Object.fromEntries(
      (Object.keys(REFUSALS) as Refusal[]).flatMap((cause) => {
        const entry = refused[cause];
        return entry === undefined ? [] : [[cause, { reason: REFUSALS[cause], ...entry }]];
      }),
    ),
    ...notes,
    ...written,
    seconds: Number(seconds.toFixed(1)),
    filesPerSecond: Math.round(files / seconds),
    megabytesPerSecond: Number((bytes / 1e6 / seconds).toFixed(1)),
  };
}
