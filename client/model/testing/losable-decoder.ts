/** A decoder whose device a test takes away: from then on every call rejects as a real one's does. */
import type { Decoder } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { DeviceLost } from "../webgpu/device.ts";

/** The same decoder, and how to lose it. `disposed` counts calls. */
export interface Losable {
  readonly decoder: Decoder;
  lose(): void;
  readonly disposed: number;
}

/** Wraps the calls of `decoder` in place. */
export function losable<T extends Decoder>(decoder: T): Losable & { readonly decoder: T } {
  let lost = false;
  let disposed = 0;
  const prefill = decoder.prefill.bind(decoder);
  const dispose = decoder.dispose.bind(decoder);
  const guarded = async (tokens: readonly number[], conditions?: readonly TokenConditions[]) => {
    if (lost) throw new DeviceLost("taken away by a test");
    return await prefill(tokens, conditions);
  };
  decoder.prefill = guarded;
  decoder.decodeStep = (token, conditions) => guarded([token], conditions && [conditions]);
  decoder.dispose = () => {
    disposed++;
    dispose();
  };
  return {
    decoder,
    lose: () => {
      lost = true;
    },
    get disposed() {
      return disposed;
    },
  };
}
