/**
 * The decoder that an instrument plays with: on the fastest backend there is, without an end whatever the
 * model's positions are, and back by itself when its device is lost.
 */

import type { Decoder } from "./decoder.ts";
import type { OpenedDecoder, OpenOptions } from "./open-decoder.ts";
import { openRecovering, type Recovered, type RecoveryOptions } from "./recovering-decoder.ts";
import type { Weights } from "./weights/weights.ts";
import { endless } from "./window/context-window.ts";

/** How to open it. */
export interface EndlessOptions extends OpenOptions, RecoveryOptions {
  /** Tokens of one event. */
  readonly period: number;
  /** Hears of every device that was lost and replaced. */
  readonly onRecovered?: (recovered: Recovered) => void;
}

/**
 * Opens the decoder; the caller disposes it. A model with absolute positions gets two, so that no step waits
 * for its window (`context-window.ts`); the second runs where the first does.
 * @throws what `openDecoder` throws.
 */
export async function openEndless(
  weights: Weights,
  options: EndlessOptions,
): Promise<OpenedDecoder> {
  const { prefixLength, period, onRecovered = () => undefined } = options;
  const first = await openRecovering(weights, options);
  first.recovered.on(onRecovered);
  const opened = (decoder: Decoder) => ({ decoder, remarks: first.remarks });
  if (weights.architecture.positions === "rotary") return opened(first);
  try {
    const spare = await openRecovering(weights, { ...options, prefer: first.backend });
    spare.recovered.on(onRecovered);
    return opened(endless(first, { prefixLength, period, spare }));
  } catch (error) {
    first.dispose();
    throw error;
  }
}
