/**
 * The tensors that an architecture needs, by the names of x-transformers' state dict, so that a
 * checkpoint can be compared tensor by tensor (contract, section 2). Matrices are (out, in).
 * Block l owns two entries of `layers`: 2l is attention, 2l + 1 the feed-forward.
 */
import type { Architecture } from "./manifest.ts";

/** Names outside the blocks. Gammas are stored as offsets from 1. */
export const TENSOR = {
  tokenEmbedding: "token_emb.emb.weight",
  positionEmbedding: "pos_emb.emb.weight",
  conditions: "conditions.weight",
  rotaryFrequencies: "attn_layers.rotary_pos_emb.inv_freq",
  finalGamma: "attn_layers.final_norm.gamma",
  logits: "to_logits.weight",
  logitsBias: "to_logits.bias",
} as const;

/** Names of one block's tensors. */
export function blockTensorNames(layer: number) {
  const attention = `attn_layers.layers.${2 * layer}`;
  const feedForward = `attn_layers.layers.${2 * layer + 1}`;
  return {
    attentionGamma: `${attention}.0.0.gamma`,
    query: `${attention}.1.to_q.weight`,
    key: `${attention}.1.to_k.weight`,
    value: `${attention}.1.to_v.weight`,
    attentionOut: `${attention}.1.to_out.weight`,
    feedForwardGamma: `${feedForward}.0.0.gamma`,
    up: `${feedForward}.1.ff.0.0.weight`,
    upBias: `${feedForward}.1.ff.0.0.bias`,
    down: `${feedForward}.1.ff.2.weight`,
    downBias: `${feedForward}.1.ff.2.bias`,
  } as const;
}

/** Names of the biases of one block's attention, in architectures that have them. */
export function blockBiasNames(layer: number) {
  const attention = `attn_layers.layers.${2 * layer}.1`;
  return {
    queryBias: `${attention}.to_q.bias`,
    attentionOutBias: `${attention}.to_out.bias`,
  } as const;
}

/** What an architecture with `biases` needs more than one without, with shapes. */
export function biasTensors(architecture: Architecture): Map<string, readonly number[]> {
  const { vocabulary, dim, depth, heads, headDim } = architecture;
  const shapes = new Map<string, readonly number[]>([[TENSOR.logitsBias, [vocabulary]]]);
  for (let layer = 0; layer < depth; layer++) {
    const names = blockBiasNames(layer);
    shapes.set(names.queryBias, [heads * headDim]);
    shapes.set(names.attentionOutBias, [dim]);
  }
  return shapes;
}

/** Rows of all groups of conditions together; 0 in architectures without. */
export const conditionRows = ({ conditions = [] }: Architecture): number =>
  conditions.reduce((sum, { rows }) => sum + rows, 0);

/** Every tensor the architecture needs with its shape; the rotary frequencies are checked apart. */
export function requiredTensors(architecture: Architecture): Map<string, readonly number[]> {
  const { vocabulary, dim, depth, heads, headDim, feedForward, contextLength } = architecture;
  const inner = heads * headDim;
  const shapes = new Map<string, readonly number[]>([
    [TENSOR.tokenEmbedding, [vocabulary, dim]],
    [TENSOR.finalGamma, [dim]],
    [TENSOR.logits, [vocabulary, dim]],
  ]);
  if (architecture.positions === "absolute")
    shapes.set(TENSOR.positionEmbedding, [contextLength, dim]);
  if (architecture.conditions) shapes.set(TENSOR.conditions, [conditionRows(architecture), dim]);
  for (let layer = 0; layer < depth; layer++) {
    const names = blockTensorNames(layer);
    shapes.set(names.attentionGamma, [dim]);
    for (const name of [names.query, names.key, names.value]) shapes.set(name, [inner, dim]);
    shapes.set(names.attentionOut, [dim, inner]);
    shapes.set(names.feedForwardGamma, [dim]);
    shapes.set(names.up, [feedForward, dim]);
    shapes.set(names.upBias, [feedForward]);
    shapes.set(names.down, [dim, feedForward]);
    shapes.set(names.downBias, [dim]);
  }
  return architecture.biases ? new Map([...shapes, ...biasTensors(architecture)]) : shapes;
}
