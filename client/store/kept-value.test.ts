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

  it("says once that a full storage is full, and leaves there what was kept before", () => {
    const told: Remark[] = [];
    const storage = memory();
    const most = 40;
    const setItem = (key: string, text: string) => {
      if (text.length > most) throw new DOMException("5 MB", "QuotaExceededError");
      storage.setItem(key, text);
    };
    const kept = keptValues({
      storage: () => ({ ...storage, setItem }),
      tell: (why) => told.push(why),
    });
    const [marks, other] = [kept("marks", textList), kept("other", textList)];
    marks.write(["a"]);
    for (let turn = 0; turn < 3; turn++) marks.write(["b".repeat(most)]);
    other.write(["c"]);
    expect([marks.read(), other.read()]).toEqual([["a"], ["c"]]);
    expect(told).toEqual([remark("storage-full", {})]);
  });

  it("keeps a value in fewer letters where it is told how", () => {
    const storage = memory();
    const kept = keptValues({ storage: () => storage, tell: () => undefined });
    const parse = (value: unknown) => (typeof value === "string" ? value.split(" ") : undefined);
    const list = kept("list", parse, (items) => items.join(" "));
    list.write(["a", "b"]);
    expect(storage.texts.get("cadenza:list")).toBe('"a b"');
    expect(list.read()).toEqual(["a", "b"]);
  });
});
