/**
 * A model opened to compose with: loaded and verified, found to be one that music is written with, on the fastest backend
 * there is, without an end. The page's worker, the server's thread and the bench all open it here.
 */
import { type Remark, remark } from "#base/remark.ts";
import type { Decoder } from "#model/decoder.ts";
import { openDecoder } from "#model/open-decoder.ts";
import { type EndlessOptions, openEndless } from "#model/open-endless.ts";
import type { ByteSource } from "#model/weights/byte-source.ts";
import type { Manifest } from "#model/weights/manifest.ts";
import { type LoadOptions, loadModel } from "#model/weights/model-loader.ts";
import { canBeGiven, sequenceShape } from "#music/tokens/tokenization.ts";
import { checkReadable } from "./readable-model.ts";

/** How to open it; prefix and period are the model's own. */
export type OpenModelOptions = LoadOptions & Omit<EndlessOptions, "prefixLength" | "period">;

/** A model that composes; the caller disposes its decoder. */
export interface OpenedModel {
  readonly manifest: Manifest;
  readonly decoder: Decoder;
  /** Opens another one of the model that runs where the first does; the caller disposes it. @throws Failure as `openDecoder` */
  readonly openSpare: () => Promise<Decoder>;
  /** Numbers in its weights. */
  readonly parameters: number;
  /** What a person may want to know of loading. */
  readonly remarks: readonly Remark[];
  /** Why no faster backend runs it. */
  readonly reasons: readonly Remark[];
  /** Why no music can be given to it; it can where undefined. */
  readonly whyNoneGiven?: Remark;
}

/**
 * Opens a model.
 * @throws Failure as `loadModel` and `openDecoder` do, and "unsupported" for a model that is none of ours
 */
export async function openModel(
  source: ByteSource,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const { manifest, weights, remarks } = await loadModel(source, options);
  checkReadable(manifest);
  const shape = sequenceShape(manifest.tokenization);
  const { decoder, remarks: reasons } = await openEndless(weights, { ...options, ...shape });
  const openSpare = async () => {
    const same = { ...options, ...shape, prefer: decoder.backend };
    // One that goes on by itself after a loss has no batch: what a spare draws can be given up.
    const isRotary = weights.architecture.positions === "rotary";
    const opened = await (isRotary ? openDecoder(weights, same) : openEndless(weights, same));
    return opened.decoder;
  };
  const { id, tokenization } = manifest;
  return {
    ...{ manifest, decoder, openSpare, parameters: weights.parameterCount, remarks, reasons },
    ...(canBeGiven(tokenization) ? {} : { whyNoneGiven: remark("nothing-given", { id }) }),
  };
}
