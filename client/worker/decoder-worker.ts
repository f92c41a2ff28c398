/**
 * The composing thread: loads a model, then composes without end for the jam or piece by piece for
 * the compose page. The page starts one worker for each use, so neither waits for the other.
 */
import { Failure, remarkOf } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { composePiece } from "#engine/compose/compose-piece.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { checkReadable } from "#engine/compose/readable-model.ts";
import type { Decoder } from "#model/decoder.ts";
import { openEndless } from "#model/open-endless.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import { sequenceShape, type TokenizationName } from "#music/tokens/tokenization.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
}

const scope = globalThis as unknown as WorkerScope;

/** A model that runs. */
interface Running {
  readonly decoder: Decoder;
  /** How it writes music. */
  readonly tokenization: TokenizationName;
}

let running: Running | undefined;
let composition: LocalComposition | undefined;
let piece: AbortController | undefined;

scope.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => {
    scope.postMessage({ kind: "failed", why: remarkOf(error) });
  });
};

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "load":
      running = await load(message);
      return;
    case "begin":
      jam().begin(message.settings, message.prime);
      return;
    case "composeUntil":
      jam().composeUntil(message.step);
      return;
    case "retake":
      jam().retake(message.step, message.settings);
      return;
    case "composePiece":
      await compose(message);
      return;
    case "cancelPiece":
      piece?.abort();
  }
}

function loaded(): Running {
  if (running === undefined) throw new Failure("unavailable", remark("model-not-loaded", {}));
  return running;
}

async function load(message: Extract<ToWorker, { kind: "load" }>): Promise<Running> {
  const { manifest, weights, remarks } = await loadModel(httpSource(message.modelUrl), {
    onProgress: ({ loadedBytes, totalBytes }) =>
      scope.postMessage({ kind: "progress", loadedBytes, totalBytes }),
  });
  const { tokenization } = manifest;
  checkReadable(manifest);
  const { decoder, remarks: reasons } = await openEndless(weights, {
    ...(message.backend === "auto" ? {} : { prefer: message.backend }),
    ...sequenceShape(tokenization),
    wasmPaths: message.wasmUrl,
    onRecovered: (recovered) => scope.postMessage({ kind: "recovered", recovered }),
  });
  scope.postMessage({
    kind: "loaded",
    model: {
      id: manifest.id,
      parameters: weights.parameterCount,
      backend: decoder.backend,
      remarks,
      reasons,
    },
  });
  return { decoder, tokenization };
}

function jam(): LocalComposition {
  if (composition === undefined) {
    const { decoder, tokenization } = loaded();
    composition = new LocalComposition(new Composer(decoder, tokenization));
    composition.composed.on((composed) => scope.postMessage({ kind: "composed", composed }));
    composition.failed.on((error) => scope.postMessage({ kind: "failed", why: remarkOf(error) }));
  }
  return composition;
}

async function compose({ request, n }: Extract<ToWorker, { kind: "composePiece" }>): Promise<void> {
  const abort = new AbortController();
  piece = abort;
  try {
    const { decoder, tokenization } = loaded();
    const { notes, midi } = await composePiece(
      decoder,
      request,
      n,
      (share) => scope.postMessage({ kind: "pieceProgress", share }),
      abort.signal,
      tokenization,
    );
    scope.postMessage({ kind: "piece", notes, midi });
  } catch (error) {
    const cancelled = abort.signal.aborted;
    scope.postMessage({ kind: "pieceFailed", why: remarkOf(error), cancelled });
  }
}
