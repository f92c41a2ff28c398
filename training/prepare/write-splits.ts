/** The last part of a preparation: pieces from the spool to their splits. Begun anew when it is killed. */
import { basename } from "node:path";
import type { PieceRecord } from "./checkpoint.ts";
import { type Counts, countLeftOut } from "./counts.ts";
import type { Input } from "./find-files.ts";
import { NearCopies } from "./near-copies.ts";
import { SplitWriter } from "./split-writer.ts";
import { type ClusterCounts, placeInSplits, SPLITS, type Split } from "./splits.ts";
import type { Spool } from "./spool.ts";

/** What was written of each split, and how pieces fell into clusters. */
export interface Written {
  readonly splits: Readonly<Record<Split, { pieces: number; tokens: number }>>;
  readonly nearCopies: ClusterCounts;
}

/** Writes the splits of `pieces`, all of the spool; counts those that are left out in `counts`. */
export function writeSplits(
  out: string,
  { files, sources }: Input,
  pieces: readonly PieceRecord[],
  spool: Spool,
  counts: Counts,
): Written {
  const copies = new NearCopies();
  for (const runs of spool.runs(pieces)) copies.add(runs);
  const candidates = pieces.map(({ hash, file }) => ({ hash, learned: files[file].learned }));
  const { places, counts: nearCopies } = placeInSplits(candidates, copies.clusters());
  const withFresh = files.some(({ learned }) => learned);
  const writers = Object.fromEntries(
    SPLITS.map((split) => [split, new SplitWriter(out, split)]),
  ) as Record<Split, SplitWriter>;
  let next = 0;
  for (const bytes of spool.pieces(pieces)) {
    const piece = pieces[next];
    const { split, fresh } = places[next++];
    const file = files[piece.file];
    if (split === undefined) countLeftOut(counts, piece.counts, basename(file.path));
    else writers[split].add(bytes, file, fresh);
  }
  const splits = Object.fromEntries(
    SPLITS.map((split) => {
      const { pieces, tokens } = writers[split];
      writers[split].finish(sources, withFresh);
      return [split, { pieces, tokens }];
    }),
  ) as Written["splits"];
  return { splits, nearCopies };
}
