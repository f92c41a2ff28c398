/** The composing thread: loads a model from disk, composes the tracks of one request, and ends. */
import { workerData } from "node:worker_threads";
import { type ComposeProgress, composePiece } from "#engine/compose/compose-piece.ts";
import { trackName } from "#engine/compose/compose-request.ts";
import { openModel } from "#engine/compose/open-model.ts";
import { writeChart } from "#music/chart/chart-file.ts";
import { folderSource } from "../folder-source.ts";
import type { ComposeOrder, ComposeReply } from "./compose.ts";
import { answer } from "./thread.ts";

/** Share of a piece between two reports of progress. */
const PROGRESS_STEP = 0.01;

await answer<ComposeReply>(async (reply) => {
  const { modelFolder, request } = workerData as ComposeOrder;
  const { manifest, decoder } = await openModel(folderSource(modelFolder), { prefer: "wasm" });
  reply({ kind: "model", model: { id: manifest.id, backend: decoder.backend } });
  for (let n = 1; n <= request.tracks; n++) {
    const started = performance.now();
    let reported = 0;
    const onProgress: ComposeProgress = (share, drawn) => {
      if (share < reported + PROGRESS_STEP) return;
      reported = share;
      reply({ kind: "progress", n, share, tokens: drawn });
    };
    const { notes, midi, tokens, chart } = await composePiece(
      decoder,
      request,
      n,
      onProgress,
      undefined,
      manifest.tokenization,
    );
    const milliseconds = performance.now() - started;
    const name = trackName(request, n);
    reply({
      kind: "track",
      track: { n, name, notes, midi, tokens, milliseconds, chart: writeChart(chart) },
    });
  }
  reply({ kind: "done" });
});
