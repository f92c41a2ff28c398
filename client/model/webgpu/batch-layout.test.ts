import { describe, expect, it } from "vitest";
import type { Architecture } from "#model/weights/manifest.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { visibleKeys } from "../reference/visible-keys.ts";
import { BatchLayout } from "./batch-layout.ts";

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

const slotsIn = (runs: readonly number[]) =>
  runs.flatMap((from, i) =>
    i % 2 === 0 ? Array.from({ length: Math.max(0, runs[i + 1] - from) }, (_, k) => from + k) : [],
  );
const sorted = (slots: number[]) => [...slots].sort((a, b) => a - b);

describe("BatchLayout", () => {
  it.each([
    ["rotary", 0, Number.POSITIVE_INFINITY],
    ["rotary", 2, Number.POSITIVE_INFINITY],
    ["rotary", 2, 9],
    ["rotary", 3, 7],
    ["rotary", 11, Number.POSITIVE_INFINITY],
    ["rotary", 11, 12],
    ["rotary", 50, Number.POSITIVE_INFINITY],
    ["rotary", 50, 12],
    ["absolute", 0, 16],
    ["absolute", 9, 4],
    ["absolute", 9, Number.POSITIVE_INFINITY],
  ] as const)(
    "shows %s queries what the oracle sees, forked at %i, reaching %d",
    (positions, forkedAt, reach) => {
      const model = architecture(positions);
      const layout = new KvLayout(model, 3, 5);
      const places = new BatchLayout(layout, reach);
      places.fork(forkedAt);
      const last = positions === "rotary" ? forkedAt + 60 : 15;
      for (let position = forkedAt; position <= last && places.reaches(position); position++) {
        const expected = visibleKeys(model, 3, position);
        for (const moved of [true, false]) {
          const keys = expected
            .filter((key) => (key.token !== key.position) === moved)
            .map((key) => key.token);
          const shared = keys.filter((key) => key < places.sharedUntil);
          const own = keys.filter((key) => key >= places.sharedUntil);
          const runs = places.runs(position);
          const [from, to] = moved ? [0, 2] : [2, 6];
          expect(sorted(slotsIn(runs.shared.slice(from, to)))).toEqual(
            sorted(shared.map((key) => layout.slotOf(key))),
          );
          const slots = own.map((key) => places.slotOf(key));
          expect(sorted(slotsIn(runs.own.slice(from, to)))).toEqual(sorted(slots));
          // No two of them share a slot, and all are in the tail.
          expect(new Set(slots).size).toBe(slots.length);
          for (const slot of slots) expect(slot).toBeLessThan(places.tail);
        }
      }
    },
  );

  it.each([
    [50, 12, 58],
    [50, Number.POSITIVE_INFINITY, 58],
    [50, Number.POSITIVE_INFINITY, 110],
    [1, Number.POSITIVE_INFINITY, 90],
    [1, 10, 8],
    [50, 12, 50],
  ])(
    "knows where a cache keeps what a tail holds: from %i, reaching %d, to %i",
    (forkedAt, reach, position) => {
      const layout = new KvLayout(architecture("rotary"), 3, 5);
      const places = new BatchLayout(layout, reach);
      places.fork(forkedAt);
      const moves = new Map<number, number>();
      for (const { tailSlot, cacheSlot, count } of places.tailRuns(position))
        for (let i = 0; i < count; i++) moves.set(cacheSlot + i, tailSlot + i);
      const expected = new Map<number, number>();
      for (let at = forkedAt; at < position; at++)
        if (at < layout.pinned || at >= position - (layout.capacity - layout.pinned))
          expected.set(layout.slotOf(at), places.slotOf(at));
      expect(new Map([...moves].sort())).toEqual(new Map([...expected].sort()));
    },
  );

  it("keeps no more than the reach asks for", () => {
    const layout = new KvLayout(architecture("rotary"), 3, 5);
    expect(new BatchLayout(layout, 5).tail).toBe(8);
    expect(new BatchLayout(layout, Number.POSITIVE_INFINITY).tail).toBe(24);
    expect(() => new BatchLayout(layout, 0)).toThrow(/reach of 0/);
  });
});
