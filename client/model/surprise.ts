/** How unlikely a token was to the model: the nats of its cross entropy, as the training's loss counts them. */

/**
 * -log of a token's probability among those allowed, at a temperature of 1; infinity where the logits rule it out.
 * @param logits (V) @param mask (V), 1 = allowed; `id` is
 */
export function surpriseOf(logits: Float32Array, mask: Uint8Array, id: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logits.length; at++)
    if (mask[at] === 1 && logits[at] > highest) highest = logits[at];
  let mass = 0;
  for (let at = 0; at < logits.length; at++)
    if (mask[at] === 1) mass += Math.exp(logits[at] - highest);
  return highest + Math.log(mass) - logits[id];
}
