/**
 * `npm run bench -- real-bars --in DIR [--files N]`: counts the features of the bars of real music, which composed music
 * is held against (real-bars.json, the last line of its output). Files that training would take, in 4/4 all through, with
 * drums; their first bars. And how many of their bars were heard before (see form-measure.ts).
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure } from "#base/failure.ts";
import { DRUMS } from "#music/instrument.ts";
import { COMMON_TIME, sameMetre } from "#music/metre.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { judge, trainingPiece } from "#music/midi/selection.ts";
import type { Benchmark } from "../benchmark.ts";
import { BarCounts } from "./bar-features.ts";
import { heardBefore } from "./form-measure.ts";

const MOST_BARS = 80;

export const realBarsBenchmark: Benchmark = {
  usage: "--in DIR [--files N]",
  async run(args, report) {
    const { values } = parseArgs({
      args: [...args],
      options: { in: { type: "string" }, files: { type: "string", default: "400" } },
    });
    const wanted = Number(values.files);
    if (values.in === undefined || !Number.isInteger(wanted) || wanted < 1)
      throw new Failure("usage", "--in names a folder of MIDI files, --files how many to count.");
    const names = await readdir(values.in, { recursive: true });
    const files = names.filter((name) => /\.(mid|midi|kar|rmi)$/i.test(name)).sort();
    const counts = new BarCounts();
    let counted = 0;
    const before: number[] = [];
    // From all over the folder: one of so many files.
    const stride = Math.max(1, Math.floor(files.length / wanted));
    for (let at = 0; at < files.length; at += stride) {
      const piece = await pieceOf(join(values.in, files[at]));
      if (piece === undefined) continue;
      counts.add(piece.notes, piece.metres, piece.bars);
      const share = heardBefore(piece.notes, piece.metres, piece.bars);
      if (share !== undefined) before.push(share);
      counted++;
      if (counted % 50 === 0) report(`real-bars: ${counted} files`);
    }
    if (counted === 0)
      throw new Failure("usage", `No file in ${values.in} is in 4/4 and has drums; take another.`);
    const mean = before.reduce((sum, share) => sum + share, 0) / before.length;
    return {
      table: [
        `${counted} files; of bars from the 33rd on ${(100 * mean).toFixed(1)} % were heard before`,
      ],
      json: { files: counted, ...counts.histograms },
    };
  },
};

/** The beginning of a file that training would take, if it is in 4/4 and has drums. */
async function pieceOf(path: string) {
  let arrangement: ReturnType<typeof arrange>;
  try {
    arrangement = arrange(readMidi(await readFile(path)));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
  if (judge(arrangement) !== undefined) return undefined;
  const { notes, metres } = trainingPiece(arrangement);
  const plain = metres.points.every(({ metre }) => sameMetre(metre, COMMON_TIME));
  if (!plain || !notes.some(({ instrument }) => instrument === DRUMS)) return undefined;
  const last = notes.at(-1)?.onset ?? 0;
  return { notes, metres, bars: Math.min(MOST_BARS, metres.barsIn(last + 1)) };
}
