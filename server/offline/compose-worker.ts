/** The composing thread: loads a model from disk, composes the tracks of one request, and ends. */
import { workerData } from "node:worker_threads";
import { type ComposeProgress, composePiece } from "#engine/compose/compose-piece.ts";
import { trackName } from "#engine/compose/compose-request.ts";
import { checkReadable } from "#engine/compose/readable-model.ts";
import type { Decoder } from "#model/decoder.ts";
import { openDecoder } from "#model/open-decoder.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import { endless } from "#model/window/context-window.ts";
import { sequenceShape, type TokenizationName } from "#music/tokens/tokenization.ts";
import { folderSource } from "../folder-source.ts";
import type { ComposeOrder, ComposeReply, ComposingModel } from "./compose.ts";
import { answer } from "./thread.ts";

/** Share of a piece between two reports of progress. */
const PROGRESS_STEP = 0.01;

interface Opened {
  readonly decoder: Decoder;
  /** How the model writes music. */
  readonly tokenization: TokenizationName;
  readonly model: ComposingModel;
}

async function open(folder: string): Promise<Opened> {
  const { manifest, weights } = await loadModel(folderSource(folder));
  const { tokenization } = manifest;
  checkReadable(manifest);
  const shape = sequenceShape(tokenization);
  const { prefixLength } = shape;
  const opened = await openDecoder(weights, { prefer: "wasm", prefixLength });
  const decoder = endless(opened.decoder, shape);
  return { decoder, tokenization, model: { id: manifest.id, backend: decoder.backend } };
}

await answer<ComposeReply>(async (reply) => {
  const { modelFolder, request } = workerData as ComposeOrder;
  const { decoder, tokenization, model } = await open(modelFolder);
  reply({ kind: "model", model });
  for (let n = 1; n <= request.tracks; n++) {
    const started = performance.now();
    let reported = 0;
    const onProgress: ComposeProgress = (share, drawn) => {
      if (share < reported + PROGRESS_STEP) return;
      reported = share;
      reply({ kind: "progress", n, share, tokens: drawn });
    };
    const { notes, midi, tokens } = await composePiece(
      decoder,
      request,
      n,
      onProgress,
      undefined,
      tokenization,
    );
    const milliseconds = performance.now() - started;
    const name = trackName(request, n);
    reply({ kind: "track", track: { n, name, notes, midi, tokens, milliseconds } });
  }
  reply({ kind: "done" });
});
