/**
 * `npm run prepare-data -- --in DIR... --out DIR [--styles FILE] [--learned FILE] [--workers N]
 * [--again]`: folders of MIDI files to tokens and charts for the trainer, with a report that accounts for every file. A run that was stopped
 * goes on where it was when it is started again. The output depends on the input alone.
 */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import { NO_NOTES, readFileList, readStyles } from "./file-lists.ts";
import { findFiles } from "./find-files.ts";
import { prepare } from "./preparation.ts";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      in: { type: "string", multiple: true },
      out: { type: "string" },
      styles: { type: "string" },
      learned: { type: "string" },
      workers: { type: "string", default: String(availableParallelism()) },
      again: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const roots = [...(values.in ?? []), ...positionals];
  const workers = Number(values.workers);
  const { out, again, styles, learned } = values;
  if (roots.length === 0 || out === undefined) {
    throw new Failure(
      "usage",
      "Name folders of MIDI files with --in DIR... and a folder with --out DIR.",
    );
  }
  for (const root of roots) {
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Failure("usage", `${root} is not a folder; name one that holds MIDI files.`);
    }
  }
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
    throw new Failure("usage", `--workers ${values.workers} must be a whole number from 1 to 64.`);
  }
  for (const list of [styles, learned]) {
    if (list !== undefined && !statSync(list, { throwIfNoEntry: false })?.isFile()) {
      throw new Failure("usage", `${list} is not a file; name a list of files.`);
    }
  }
  const input = findFiles(roots, {
    styles: styles === undefined ? NO_NOTES.styles : readStyles(styles),
    learned: learned === undefined ? NO_NOTES.learned : readFileList(learned),
  });
  if (input.files.length === 0) {
    throw new Failure(
      "not-found",
      "No .mid file was found; name a folder that holds some with --in.",
    );
  }
  process.stdout.write(`${JSON.stringify(await prepare(input, { out, workers, again }))}\n`);
}

main().catch((error) => {
  process.stderr.write(`${describeError(error)}\n`);
  const usage =
    error instanceof Failure ? error.kind === "usage" : error?.code?.startsWith("ERR_PARSE_ARGS");
  process.exitCode = usage ? 2 : 1;
});
