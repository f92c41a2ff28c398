import { describe, expect, it } from "vitest";
import { type Remark, remark } from "#base/remark.ts";
import { keptValues, type TextStorage, textList } from "./kept-value.ts";

function memory(): TextStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
  };
}

describe("KeptValue", () => {
  it("gives back what was kept, and nothing of what it does not understand", () => {
    const storage = memory();
    const kept = keptValues({ storage: () => storage, tell: () => undefined });
    const list = kept("away", textList);
    expect(list.read()).toBeUndefined();
    list.write(["a", "b"]);
    expect(kept("away", textList).read()).toEqual(["a", "b"]);
    for (const broken of ["{", "7", '["a", 1]', ""]) {
      storage.texts.set("cadenza:away", broken);
      expect(list.read()).toBeUndefined();
    }
  });

  it("goes on without a storage, and says so once", () => {
    const told: Remark[] = [];
    const refuse = () => {
      throw new DOMException("refused", "SecurityError");
    };
    const kept = keptValues({ storage: refuse, tell: (why) => told.push(why) });
    expect(kept("a", textList).read()).toBeUndefined();
    kept("a", textList).write([]);
    kept("b", textList).write([]);
    expect(told).toEqual([remark("settings-not-kept", {})]);
  });
});
