import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedBy, differenceOf } from "./difference.ts";

const { value: PLAIN } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(undefined, null, true, "", "chorus", 0, 1, 2.5),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__", "0"), tie("value"), { maxKeys: 3 }),
  ),
}));

describe("the difference of two values", () => {
  it("makes the one of the other, whatever they are", () => {
    fc.assert(
      fc.property(PLAIN, PLAIN, (before, now) => {
        const untouched = structuredClone(before);
        const difference = structuredClone(differenceOf(before, now));
        expect(changedBy(before, difference)).toEqual(now);
        expect(before).toEqual(untouched);
        expect(differenceOf(now, structuredClone(now))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("is no more than what changed", () => {
    const before = { strips: [{ level: 1, pan: 0 }, { level: 2 }], laid: [{ bar: 0 }], cue: "a" };
    const now = {
      strips: [{ level: 1, pan: 0 }, { level: 3 }],
      laid: [{ bar: 0 }, { bar: 8 }],
    };
    expect(differenceOf(before, now)).toEqual({
      kind: "fields",
      fields: {
        strips: {
          kind: "fields",
          fields: { 1: { kind: "fields", fields: { level: { kind: "value", value: 3 } } } },
        },
        laid: { kind: "tail", from: 1, items: [{ bar: 8 }] },
      },
      gone: ["cue"],
    });
  });
});
