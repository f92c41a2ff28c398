/**
 * Attention for the WebGPU provider as ONNX Runtime's own language models have it: GroupQueryAttention on packed
 * q, k and v turns them, writes the cache in place (past and present are one buffer of full capacity) and attends.
 */
import type { Architecture } from "#model/weights/manifest.ts";
import { fillRotary } from "#model/window/rotary-table.ts";
import type { Float, OnnxGraph } from "./graph.ts";
import type { Attention } from "./transformer.ts";

/** Names of a layer's cache, (1, H, contextLength, D): the same buffer goes in as past and out as present. */
export const sharedCacheNames = (layer: number) => ({
  pastKey: `past_key_${layer}`,
  pastValue: `past_value_${layer}`,
  presentKey: `present_key_${layer}`,
  presentValue: `present_value_${layer}`,
});

/**
 * Inputs besides the cache: `last` i32 (1), the newest token's position; `total` i32 (1), tokens in the cache
 * with this pass.
 */
export function gpuAttention(
  { heads, headDim, contextLength }: Architecture,
  frequencies: Float32Array,
  float: Float,
): (graph: OnnxGraph) => Attention {
  return (graph) => {
    const pairs = frequencies.length;
    const table = () => new Float32Array(contextLength * pairs);
    const [cosines, sines] = [table(), table()];
    const positions = Array.from({ length: contextLength }, (_, position) => position);
    fillRotary(frequencies, positions, cosines, sines);
    const constant = (values: Float32Array) => graph.reals(float, [contextLength, pairs], values);
    const [cos, sin] = [constant(cosines), constant(sines)];
    const last = graph.input("last", "i32", [1]);
    const total = graph.input("total", "i32", [1]);
    return (_, qkv, layer) => {
      const names = sharedCacheNames(layer);
      const dims = [1, heads, contextLength, headDim];
      const past = [names.pastKey, names.pastValue].map((name) => graph.input(name, float, dims));
      const whole = { num_heads: heads, kv_num_heads: heads, do_rotary: 1, rotary_interleaved: 1 };
      const mixed = graph.fresh("mixed");
      const outputs = [mixed, names.presentKey, names.presentValue];
      const inputs = [qkv, "", "", ...past, last, total, cos, sin];
      graph.contrib("GroupQueryAttention", inputs, { whole }, outputs);
      for (const name of outputs.slice(1)) graph.output(name, float, dims);
      return mixed;
    };
  };
}
