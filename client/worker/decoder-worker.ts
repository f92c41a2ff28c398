/**
 * The composing thread: loads a model, then composes without end for the jam or piece by piece for
 * the compose page. The page starts one worker for each use, so neither waits for the other.
 */
import { milliseconds } from "#base/brand.ts";
import { Failure, remarkOf } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { composePiece } from "#engine/compose/compose-piece.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { openModel } from "#engine/compose/open-model.ts";
import type { OrderRecord } from "#engine/journal/recorded-source.ts";
import { replay } from "#engine/journal/replay.ts";
import type { Decoder } from "#model/decoder.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { writeChart } from "#music/chart/chart-file.ts";
import type { TokenizationName } from "#music/tokens/tokenization.ts";
import { keptBytes } from "#store/kept-bytes.ts";
import { keptTexts } from "#store/kept-texts.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
}

const scope = globalThis as unknown as WorkerScope;

/** A model that runs. */
interface Running {
  readonly decoder: Decoder;
  /** Opens another for futures. */
  readonly openSpare: () => Promise<Decoder>;
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
    case "foresee":
      jam().foresee(message.order);
      return;
    case "composePiece":
      await compose(message);
      return;
    case "cancelPiece":
      piece?.abort();
      return;
    case "replay":
      await composeAgain(message.record);
  }
}

function loaded(): Running {
  if (running === undefined) throw new Failure("unavailable", remark("model-not-loaded", {}));
  return running;
}

async function load(message: Extract<ToWorker, { kind: "load" }>): Promise<Running> {
  const shapes = keptTexts("kernel-shapes");
  const manifests = keptTexts("manifests");
  const { manifest, decoder, openSpare, remarks, ...opened } = await openModel(
    httpSource(message.modelUrl),
    {
      ...(message.backend === "auto" ? {} : { prefer: message.backend }),
      ...(shapes && { shapes }),
      ...(manifests && { manifests }),
      wasmPaths: message.wasmPaths,
      keep: (id) => keptBytes(`model-${id}`),
      onProgress: ({ loadedBytes, totalBytes }) =>
        scope.postMessage({ kind: "progress", loadedBytes, totalBytes }),
      onRecovered: (recovered) => scope.postMessage({ kind: "recovered", recovered }),
    },
  );
  const { id, tokenization } = manifest;
  scope.postMessage({
    kind: "loaded",
    model: { id, backend: decoder.backend, remarks, ...opened },
  });
  return { decoder, openSpare, tokenization };
}

function jam(): LocalComposition {
  if (composition === undefined) {
    const { decoder, openSpare, tokenization } = loaded();
    const clock = () => milliseconds(performance.now());
    composition = new LocalComposition(new Composer(decoder, tokenization), clock, openSpare);
    composition.foreseen.on((future) => scope.postMessage({ kind: "foreseen", future }));
    composition.composed.on((composed) => scope.postMessage({ kind: "composed", composed }));
    composition.failed.on((error) => scope.postMessage({ kind: "failed", why: remarkOf(error) }));
  }
  return composition;
}

async function composeAgain(record: OrderRecord): Promise<void> {
  try {
    const { decoder, tokenization } = loaded();
    const notes = await replay(new Composer(decoder, tokenization), record);
    scope.postMessage({ kind: "replayed", notes });
  } catch (error) {
    // Orders come from outside: what they ask for may be anything.
    const why = error instanceof Failure ? error.remark : remark("link-unreadable", {});
    scope.postMessage({ kind: "replayFailed", why });
  }
}

async function compose({ request, n }: Extract<ToWorker, { kind: "composePiece" }>): Promise<void> {
  const abort = new AbortController();
  piece = abort;
  try {
    const { decoder, tokenization } = loaded();
    const { notes, midi, chart } = await composePiece(
      decoder,
      request,
      n,
      (share) => scope.postMessage({ kind: "pieceProgress", share }),
      abort.signal,
      tokenization,
    );
    scope.postMessage({ kind: "piece", notes, midi, chart: writeChart(chart) });
  } catch (error) {
    const cancelled = abort.signal.aborted;
    scope.postMessage({ kind: "pieceFailed", why: remarkOf(error), cancelled });
  }
}
