import { describe, expect, it } from "vitest";
import type { Architecture } from "#model/weights/manifest.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { visibleKeys } from "../reference/visible-keys.ts";
import { TokenRecords } from "./token-records.ts";

const architecture = (positions: "absolute" | "rotary"): Architecture => ({
  vocabulary: 8,
  dim: 8,
  depth: 1,
  heads: 1,
  headDim: 8,
  feedForward: 8,
  contextLength: 16,
  positions,
});

describe.each([
  ["absolute", 3, 16],
  ["rotary", 3, 80],
  ["rotary", 0, 80],
  ["rotary", 15, 80],
] as const)("records of %s tokens, %d pinned", (positions, prefixLength, length) => {
  it("name the slots of the keys that the reference sees, each with its rotation", () => {
    const shape = architecture(positions);
    const layout = new KvLayout(shape, prefixLength, 7);
    const frequencies = Float32Array.of(0.1, 0.01);
    const records = new Int32Array(8);
    const [cos, sin] = [new Float32Array(4), new Float32Array(4)];
    const conditions = new Int32Array(2);
    const filler = new TokenRecords(layout, frequencies, { records, conditions, cos, sin });
    const given = [
      [0, 5],
      [1, 4],
    ];
    for (let position = 0; position < length; position++) {
      filler.fill({ tokens: [9, 4], conditions: given }, 1, 2, position);
      expect([...conditions]).toEqual([1, 4]);
      const [token, at, slot, first, from, to, prefix] = records;
      expect([token, at, slot]).toEqual([4, position, layout.slotOf(position)]);
      const slots = [...range(0, first), ...range(from, to)];
      const visible = visibleKeys(shape, prefixLength, position);
      const expected = visible.map((key) => layout.slotOf(key.token));
      expect(slots).toEqual([...expected].sort((a, b) => a - b));
      // A prefix key that stands elsewhere than it was stored is met from as far as it is away.
      const moved = visible.filter((key) => key.token !== key.position);
      expect(prefix).toBe(moved.length === 0 ? 0 : prefixLength);
      expect(cos[0]).toBe(Math.fround(Math.cos(position * frequencies[0])));
      for (const key of moved)
        expect(sin[3]).toBeCloseTo(
          Math.sin((position - key.position + key.token) * frequencies[1]),
          6,
        );
      layout.advance(1);
    }
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
