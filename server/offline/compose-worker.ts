/** The composing thread: loads a model from disk, composes the tracks of one request, and ends. */
import { workerData } from "node:worker_threads";
import { Failure } from "#base/failure.ts";
import { composePiece, trackName } from "#engine/compose-piece.ts";
import { endless } from "#model/context-window.ts";
import type { Decoder } from "#model/decoder.ts";
import { loadModel } from "#model/model-loader.ts";
import { openDecoder } from "#model/open-decoder.ts";
import { EVENT_LENGTH, PREFIX_LENGTH, VOCABULARY_SIZE } from "#music/vocabulary.ts";
import { folderSource } from "../folder-source.ts";
import type { ComposeOrder, ComposeReply, ComposingModel } from "./compose.ts";
import { answer } from "./thread.ts";

/** Share of a piece between two reports of progress. */
const PROGRESS_STEP = 0.01;

async function open(folder: string): Promise<{ decoder: Decoder; model: ComposingModel }> {
  const { manifest, weights } = await loadModel(folderSource(folder));
  if (manifest.tokenization !== "grid32" || manifest.architecture.vocabulary !== VOCABULARY_SIZE) {
    throw new Failure(
      "unsupported",
      `The model ${manifest.id} writes "${manifest.tokenization}" tokens over a vocabulary of ` +
        `${manifest.architecture.vocabulary}, which this version cannot play; choose another model.`,
    );
  }
  const opened = await openDecoder(weights, { prefer: "wasm", prefixLength: PREFIX_LENGTH });
  const window = { prefixLength: PREFIX_LENGTH, period: EVENT_LENGTH };
  const decoder = endless(opened.decoder, window);
  return { decoder, model: { id: manifest.id, backend: decoder.backend } };
}

await answer<ComposeReply>(async (reply) => {
  const { modelFolder, request } = workerData as ComposeOrder;
  const { decoder, model } = await open(modelFolder);
  reply({ type: "model", model });
  for (let n = 1; n <= request.tracks; n++) {
    const started = performance.now();
    let reported = 0;
    const { notes, midi, tokens } = await composePiece(decoder, request, n, (share, drawn) => {
      if (share < reported + PROGRESS_STEP) return;
      reported = share;
      reply({ type: "progress", n, share, tokens: drawn });
    });
    const milliseconds = performance.now() - started;
    const name = trackName(request, n);
    reply({ type: "track", track: { n, name, notes, midi, tokens, milliseconds } });
  }
  reply({ type: "done" });
});
