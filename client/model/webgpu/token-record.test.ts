import { describe, expect, it } from "vitest";
import type { Architecture } from "#model/weights/manifest.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { visibleKeys } from "../reference/visible-keys.ts";
import { TokenRecords } from "./token-record.ts";

const architecture = (positions: "absolute" | "rotary"): Architecture => ({
  vocabulary: 10,
  dim: 8,
  depth: 1,
  heads: 1,
  headDim: 8,
  feedForward: 8,
  contextLength: 16,
  positions,
});
const FREQUENCIES = Float32Array.of(1, 0.01, 0.5);

/** Slots of a record's runs: those met with the prefix's rotation, and the others. */
function seen(records: TokenRecords, index: number): [number[], number[]] {
  const words = new Uint32Array(records.bytes, index * records.stride, 8);
  const slots = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return [
    slots(words[2], words[3]),
    [...slots(words[4], words[5]), ...slots(words[6], words[7])].sort((a, b) => a - b),
  ];
}

describe("TokenRecords", () => {
  it.each(["rotary", "absolute"] as const)("shows %s queries what the oracle sees", (positions) => {
    const model = architecture(positions);
    const layout = new KvLayout(model, 3, 5);
    const records = new TokenRecords(layout, FREQUENCIES, 4);
    const last = positions === "rotary" ? 80 : 15;
    for (let position = 0; position <= last; position++) {
      records.fill(position, 1);
      const expected = visibleKeys(model, 3, position);
      const moved = expected.filter((key) => key.token !== key.position);
      const unmoved = expected.filter((key) => key.token === key.position);
      const slots = (keys: typeof expected) =>
        keys.map((key) => layout.slotOf(key.token)).sort((a, b) => a - b);
      expect(seen(records, 0)).toEqual([slots(moved), slots(unmoved)]);
      expect(new Uint32Array(records.bytes)[0]).toBe(layout.slotOf(position));
    }
  });

  it("writes one record a token, with cosines and sines of both positions", () => {
    const layout = new KvLayout(architecture("rotary"), 3, 5);
    const records = new TokenRecords(layout, FREQUENCIES, 4);
    records.fill(40, 3);
    expect(records.quads).toBe(2);
    for (const t of [0, 1, 2]) {
      const at = t * records.stride;
      expect(new Uint32Array(records.bytes, at, 2)).toEqual(
        Uint32Array.of(layout.slotOf(40 + t), 3),
      );
      const turns = [40 + t, 15].flatMap((position) => [
        ...[...FREQUENCIES].flatMap((f) => [Math.cos(position * f), Math.sin(position * f)]),
        ...[1, 0], // the pair that fills the last quad is not turned
      ]);
      expect(new Float32Array(records.bytes, at + 32, 16)).toEqual(Float32Array.from(turns));
    }
  });

  it("turns as exactly at position 1,000,000 as at 1", () => {
    const layout = new KvLayout(architecture("rotary"), 3, 5);
    const records = new TokenRecords(layout, FREQUENCIES, 1);
    records.fill(1_000_000, 1);
    const [cos] = new Float32Array(records.bytes, 32, 1);
    expect(cos).toBeCloseTo(Math.cos(1_000_000), 6);
  });
});
