/**
 * A `Decoder` over the oracle. It keeps every token's state and so can be truncated anywhere, but it
 * refuses what `KvLayout` says other decoders refuse, so that code tested on it runs on them.
 */
import { assert } from "#base/assert.ts";
import type { Weights } from "#model/weights/weights.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { assertTokens, type Decoder } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { ReferenceModel, type TokenState } from "./reference-model.ts";

/** Slow and right; for tests and for small models where nothing else runs. */
export class ReferenceDecoder implements Decoder {
  readonly backend = "reference";
  readonly architecture;
  readonly #model: ReferenceModel;
  readonly #layout: KvLayout;
  readonly #past: TokenState[] = [];

  /** @param prefixLength tokens pinned at the start. @param slack see `KvLayout`. */
  constructor(weights: Weights, prefixLength: number, slack?: number) {
    this.architecture = weights.architecture;
    this.#model = new ReferenceModel(weights, prefixLength);
    this.#layout = new KvLayout(weights.architecture, prefixLength, slack);
  }

  get position(): number {
    return this.#layout.position;
  }

  get oldestPosition(): number {
    return this.#layout.oldestPosition;
  }

  async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    assertTokens(this.architecture, { tokens, conditions });
    assert(this.#layout.hasRoom(tokens.length), `${tokens.length} tokens do not fit the context`);
    let logits: Float64Array | undefined;
    for (const [i, token] of tokens.entries()) {
      logits = this.#model.step(token, this.#past, conditions?.[i]);
      this.#layout.advance(1);
    }
    return Float32Array.from(logits!);
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    this.#layout.truncate(position);
    this.#past.length = position;
  }

  dispose(): void {
    this.#past.length = 0;
  }
}
