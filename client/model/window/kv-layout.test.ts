import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { visibleKeys } from "#model/reference/visible-keys.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { KvLayout } from "./kv-layout.ts";

const architecture = (positions: Architecture["positions"]): Architecture => ({
  vocabulary: 10,
  dim: 8,
  depth: 1,
  heads: 1,
  headDim: 8,
  feedForward: 8,
  contextLength: 20,
  positions,
});
const PREFIX = 3;
const SLACK = 5;
const rotary = () => new KvLayout(architecture("rotary"), PREFIX, SLACK);

/** The cache itself, holding in each slot the position whose key was written there last. */
class Slots {
  readonly layout = rotary();
  readonly #slots: number[] = [];

  write(count: number): void {
    const first = this.layout.position;
    for (let at = first; at < first + count; at++) this.#slots[this.layout.slotOf(at)] = at;
    for (let at = first; at < first + count; at++) this.checkQuery(at);
    this.layout.advance(count);
  }

  /** What the query finds in the slots is what the window's definition says, turned as it says. */
  checkQuery(at: number): void {
    const { layout } = this;
    const found = [];
    for (let key = 0; key < layout.prefixCount(at); key++)
      found.push({
        token: this.#slots[layout.slotOf(key)],
        back: layout.prefixQueryPosition(at) - key,
      });
    for (let key = layout.windowStart(at); key <= at; key++)
      found.push({ token: this.#slots[layout.slotOf(key)], back: at - key });
    const expected = visibleKeys(architecture("rotary"), PREFIX, at);
    expect(found).toEqual(expected.map(({ token, position }) => ({ token, back: at - position })));
  }
}

describe("KvLayout", () => {
  it("holds at every query exactly the keys it sees, whatever was written and truncated", () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: SLACK }) }),
      fc.record({ back: fc.integer({ min: 0, max: 12 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const slots = new Slots();
        for (const action of steps) {
          if ("take" in action) slots.write(action.take);
          else {
            const { position, oldestPosition } = slots.layout;
            slots.layout.truncate(Math.max(oldestPosition, position - action.back));
          }
        }
      }),
    );
  });

  it("reaches back at least the slack after rolling, and no farther than it says", () => {
    const slots = new Slots();
    for (let i = 0; i < 50; i++) slots.write(2);
    expect(slots.layout.oldestPosition).toBeLessThanOrEqual(100 - SLACK);
    expect(() => slots.layout.truncate(slots.layout.oldestPosition - 1)).toThrow(AssertionError);
    slots.layout.truncate(slots.layout.oldestPosition);
    expect(() => slots.layout.truncate(slots.layout.position - 1)).toThrow(AssertionError);
    slots.layout.truncate(0);
    expect(slots.layout.oldestPosition).toBe(0);
  });

  it("does not roll with absolute positions: slot = position, and it ends", () => {
    const layout = new KvLayout(architecture("absolute"), PREFIX, SLACK);
    expect(layout.capacity).toBe(20);
    for (let i = 0; i < 4; i++) layout.advance(5);
    expect(layout.slotOf(19)).toBe(19);
    expect(layout.windowStart(19)).toBe(0);
    expect(layout.prefixCount(19)).toBe(0);
    expect(layout.hasRoom(1)).toBe(false);
    expect(() => layout.advance(1)).toThrow(/past the context/);
    layout.truncate(1);
    expect(layout.position).toBe(1);
  });

  it.each([-1, 20, 1.5])("refuses to pin %d tokens of a context of 20", (prefixLength) => {
    expect(() => new KvLayout(architecture("rotary"), prefixLength)).toThrow(AssertionError);
  });
});
