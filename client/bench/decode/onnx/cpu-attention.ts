/**
 * Attention for the WASM provider, which copies every input and output between JavaScript's memory and its own:
 * the cache is an input only, what is new an output, and nothing is joined or transposed in between. Keys of
 * the past and of this pass are multiplied apart and share one softmax. FusedMatMul reads (S, H, D) as
 * H matrices in place.
 */
import type { Architecture } from "#model/weights/manifest.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Attention } from "./transformer.ts";

/** Names of a layer's cache: `past` is fed, (S, H, D) with S >= 1; `fresh` comes back, (T, H, D). */
export const cacheNames = (layer: number) => ({
  pastKey: `past_key_${layer}`,
  pastValue: `past_value_${layer}`,
  freshKey: `fresh_key_${layer}`,
  freshValue: `fresh_value_${layer}`,
});

/**
 * Inputs besides the cache: `cos` and `sin` f32 (T, pairs) for the positions of this pass, `mask` f32
 * (1, T, S + T) to be added to the scores, `parts` i64 (2), which holds S and T.
 */
export function cpuAttention({ heads, headDim }: Architecture): (graph: OnnxGraph) => Attention {
  return (graph) => {
    const inner = heads * headDim;
    const whole = (...values: number[]) =>
      graph.constant("i64", [values.length], BigInt64Array.from(values, BigInt));
    const rotated = headDim / 2;
    const cos = graph.input("cos", "f32", ["T", rotated / 2]);
    const sin = graph.input("sin", "f32", ["T", rotated / 2]);
    const mask = graph.input("mask", "f32", [1, "T", "all"]);
    const parts = graph.input("parts", "i64", [2]);
    const start = graph.constant("i64", [1], BigInt64Array.of(0n));
    const [asHeads, asRow] = [whole(-1, heads, headDim), whole(1, -1, inner)];
    const [qkAndV, qAndK] = [whole(2 * inner, inner), whole(inner, inner)];
    return (_, qkv, layer) => {
      const names = cacheNames(layer);
      const cacheDims = ["S", heads, headDim];
      const pastKey = graph.input(names.pastKey, "f32", cacheDims);
      const pastValue = graph.input(names.pastValue, "f32", cacheDims);
      const [qk, v] = graph.split(qkv, qkAndV, 2, 2);
      const turned = graph.contrib("RotaryEmbedding", [qk, start, cos, sin], {
        whole: { interleaved: 1, num_heads: 2 * heads, rotary_embedding_dim: rotated },
      });
      const [q, k] = graph.split(turned, qAndK, 2, 2);
      const query = graph.op("Reshape", [q, asHeads]);
      const key = graph.op("Reshape", [k, asHeads], {}, names.freshKey);
      const value = graph.op("Reshape", [v, asHeads], {}, names.freshValue);
      const score = (keys: string) =>
        graph.contrib("FusedMatMul", [query, keys], {
          whole: { transBatchA: 1, transBatchB: 1, transB: 1 },
          real: { alpha: headDim ** -0.5 },
        });
      const scores = graph.op("Concat", [score(pastKey), score(key)], { whole: { axis: 2 } });
      const masked = graph.op("Add", [scores, mask]);
      const shares = graph.op("Softmax", [masked], { whole: { axis: 2 } }); // (H, T, S + T)
      const [ofPast, ofFresh] = graph.split(shares, parts, 2, 2);
      const mix = (share: string, values: string) =>
        graph.contrib("FusedMatMul", [share, values], { whole: { transBatchB: 1 } });
      const mixed = graph.op("Add", [mix(ofPast, pastValue), mix(ofFresh, value)]); // (H, T, D)
      const rows = graph.op("Transpose", [mixed], { whole: { perm: [1, 0, 2] } });
      graph.output(names.freshKey, "f32", ["T", heads, headDim]);
      graph.output(names.freshValue, "f32", ["T", heads, headDim]);
      return graph.op("Reshape", [rows, asRow]);
    };
  };
}
