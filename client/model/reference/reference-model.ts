/**
 * The oracle: one token through all blocks, given what earlier tokens left behind. Keys are kept
 * unrotated and turned anew for every query, which is slow and cannot drift. One pass over a
 * sequence is this, token by token, since a token's keys never depend on later ones.
 */

import type { Architecture } from "#model/weights/manifest.ts";
import { TENSOR } from "#model/weights/tensor-names.ts";
import type { BlockTensors, Weights } from "#model/weights/weights.ts";
import { assertTokens } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { attend, gelu, layerNorm, linear, rotate } from "./arithmetic.ts";
import { type VisibleKey, visibleKeys } from "./visible-keys.ts";

/** Keys and values of one token, per layer, (H * D) each; keys are not rotated. */
export interface TokenState {
  readonly keys: Float64Array[];
  readonly values: Float64Array[];
}

/** A model in plain loops; holds weights and no sequence. */
export class ReferenceModel {
  readonly weights: Weights;
  readonly #prefixLength: number;
  readonly #blocks: BlockTensors[];
  readonly #frequencies: Float32Array;
  /** Those outside of the blocks, by name: widened once, not for every token. */
  readonly #tensors = new Map<string, Float32Array>();

  /** @param prefixLength tokens pinned at the start of a sequence. */
  constructor(weights: Weights, prefixLength: number) {
    this.weights = weights;
    this.#prefixLength = prefixLength;
    this.#frequencies = weights.rotaryFrequencies();
    this.#blocks = Array.from({ length: weights.architecture.depth }, (_, layer) =>
      weights.block(layer),
    );
  }

  /**
   * Logits (V) after `token`, which follows `past`; its own state is appended to `past`.
   * @param past the states of all earlier tokens; its length is the token's position.
   * @param conditions of the token, of models with conditions
   */
  step(token: number, past: TokenState[], conditions?: TokenConditions): Float64Array {
    const visible = visibleKeys(this.weights.architecture, this.#prefixLength, past.length);
    past.push({ keys: [], values: [] });
    let x = this.#embed(token, past.length - 1, conditions);
    this.#blocks.forEach((block, layer) => {
      const normed = layerNorm(x, block.attentionGamma);
      past[past.length - 1].keys.push(linear(block.key, normed));
      past[past.length - 1].values.push(linear(block.value, normed));
      const query = linear(block.query, normed, block.queryBias);
      const { architecture } = this.weights;
      const mixed = attendHeads(architecture, this.#frequencies, query, layer, past, visible);
      x = add(x, linear(block.attentionOut, mixed, block.attentionOutBias));
      const hidden = linear(block.up, layerNorm(x, block.feedForwardGamma), block.upBias).map(gelu);
      x = add(x, linear(block.down, hidden, block.downBias));
    });
    const normed = layerNorm(x, this.#tensor(TENSOR.finalGamma));
    return linear(this.#tensor(TENSOR.logits), normed, this.weights.logitsBias);
  }

  /** Logits after every token of a sequence, (T, V), from the start. */
  onePass(tokens: readonly number[], conditions?: readonly TokenConditions[]): Float64Array[] {
    assertTokens(this.weights.architecture, { tokens, conditions });
    const past: TokenState[] = [];
    return tokens.map((token, i) => this.step(token, past, conditions?.[i]));
  }

  #embed(token: number, position: number, conditions: TokenConditions = []): Float64Array {
    const { dim, positions } = this.weights.architecture;
    const row = (name: string, index: number) =>
      Float64Array.from(this.#tensor(name).subarray(index * dim, (index + 1) * dim));
    let x: Float64Array = row(TENSOR.tokenEmbedding, token);
    for (const id of conditions) x = add(x, row(TENSOR.conditions, id));
    if (positions === "rotary") return x;
    const scale = dim ** -0.5;
    return add(
      x,
      row(TENSOR.positionEmbedding, position).map((value) => value * scale),
    );
  }

  /** A tensor outside of the blocks. */
  #tensor(name: string): Float32Array {
    const data = this.#tensors.get(name) ?? this.weights.tensor(name).data;
    this.#tensors.set(name, data);
    return data;
  }
}

/**
 * Attention of all heads: `query` (H * D) is the newest of `past`, not yet rotated; returns the mixed values (H * D).
 * For every reference, so that they differ in their matrices alone.
 */
export function attendHeads(
  { heads, headDim }: Architecture,
  frequencies: Float32Array,
  query: Float64Array,
  layer: number,
  past: readonly TokenState[],
  visible: readonly VisibleKey[],
): Float64Array {
  const mixed = new Float64Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    const part = (all: Float64Array) => all.subarray(head * headDim, (head + 1) * headDim);
    const turned = rotate(part(query), past.length - 1, frequencies);
    const keys = visible.map(({ token, position }) =>
      rotate(part(past[token].keys[layer]), position, frequencies),
    );
    const values = visible.map(({ token }) => part(past[token].values[layer]));
    mixed.set(attend(turned, keys, values), head * headDim);
  }
  return mixed;
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}
