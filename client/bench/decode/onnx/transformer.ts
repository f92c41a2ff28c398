/**
 * Our architecture as an ONNX graph, as an exporter followed by ONNX Runtime's own optimiser would leave it:
 * q, k and v in one product, residual sums fused with the norm behind them, exact GELU with its bias. How
 * attention is done differs by provider and comes from outside. The arithmetic is that of
 * client/model/testdata/README.md.
 */
import { TENSOR } from "#model/weights/tensor-names.ts";
import type { Weights } from "#model/weights/weights.ts";
import { type Float, OnnxGraph } from "./graph.ts";
import { LINEAR, type LinearName } from "./linear.ts";

const EPSILON = { real: { epsilon: 1e-5 } };

/** From `qkv`, (1, T, 3 I), to the heads' mix (1, T, I); declares the cache's inputs and outputs on the way. */
export type Attention = (graph: OnnxGraph, qkv: string, layer: number) => string;

/** A model file, and what its weights weigh. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** Of matrices and vectors that a step reads: all but the embedding. */
  readonly weightBytes: number;
}

/**
 * The graph: `tokens`, i64 (1, T), to `logits`, f32 (1, V), of the last token. Rotary models only.
 * @param attention for a graph whose numbers are `float`. @param linear how matrices are held.
 */
export function transformerModel(
  weights: Weights,
  float: Float,
  linear: LinearName,
  attention: (graph: OnnxGraph) => Attention,
): OnnxModel {
  const { dim, heads, headDim, feedForward, depth, vocabulary } = weights.architecture;
  const graph = new OnnxGraph();
  const constant = (dims: readonly number[], values: Float32Array) =>
    graph.reals(float, dims, values);
  const gain = (gamma: Float32Array) =>
    constant(
      [dim],
      gamma.map((value) => 1 + value),
    );
  const product = (x: string, matrix: Float32Array, inputs: number) =>
    LINEAR[linear](graph, x, matrix, inputs);
  const attend = attention(graph);

  const tokens = graph.input("tokens", "i64", [1, "T"]);
  const table = constant([vocabulary, dim], weights.tensor(TENSOR.tokenEmbedding).data);
  const embeddingBytes = graph.weightBytes;
  let stream = graph.op("Gather", [table, tokens]);
  let delta: string | undefined;
  let deltaBias = "";
  /** Adds what the last part gave to the stream, and norms it. */
  const norm = (gamma: Float32Array): string => {
    if (delta === undefined) return graph.op("LayerNormalization", [stream, gain(gamma)], EPSILON);
    const [normed, sum] = [graph.fresh("normed"), graph.fresh("stream")];
    const inputs = [stream, delta, gain(gamma), "", deltaBias];
    graph.contrib("SkipLayerNormalization", deltaBias ? inputs : inputs.slice(0, 3), EPSILON, [
      normed,
      "",
      "",
      sum,
    ]);
    stream = sum;
    return normed;
  };
  for (let layer = 0; layer < depth; layer++) {
    const block = weights.block(layer);
    const all = [block.query, block.key, block.value];
    const together = new Float32Array(3 * block.query.length);
    all.forEach((part, i) => {
      together.set(part, i * part.length);
    });
    const qkv = product(norm(block.attentionGamma), together, dim);
    delta = product(attend(graph, qkv, layer), block.attentionOut, heads * headDim);
    deltaBias = "";
    const up = product(norm(block.feedForwardGamma), block.up, dim);
    const biased = graph.op("Add", [up, constant([feedForward], block.upBias)]);
    delta = product(graph.op("Gelu", [biased]), block.down, feedForward);
    deltaBias = constant([dim], block.downBias);
  }
  const last = graph.constant("i64", [], BigInt64Array.of(-1n));
  const normed = norm(weights.tensor(TENSOR.finalGamma).data);
  const newest = graph.op("Gather", [normed, last], { whole: { axis: 1 } }); // (1, C)
  const logits = product(newest, weights.tensor(TENSOR.logits).data, dim);
  if (float === "f32") graph.op("Identity", [logits], {}, "logits");
  else graph.op("Cast", [logits], { whole: { to: 1 } }, "logits");
  graph.output("logits", "f32", [1, vocabulary]);
  return { bytes: graph.encode(), weightBytes: graph.weightBytes - embeddingBytes };
}
