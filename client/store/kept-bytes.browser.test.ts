import { beforeEach, describe, expect, it } from "vitest";
import { keptBytes } from "./kept-bytes.ts";
import { keptTexts } from "./kept-texts.ts";

const NAME = "test";
const bytes = (...values: number[]) => new Uint8Array(values);

beforeEach(async () => {
  await caches.delete(`cadenza-${NAME}`);
});

describe("keptBytes", () => {
  it("keeps bytes by key, and forgets what is not named any more", async () => {
    const kept = keptBytes(NAME)!;
    expect(await kept.get("a")).toBeUndefined();
    for (const [key, value] of [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ] as const)
      await kept.put(key, bytes(value));
    await kept.put("a", bytes(7, 8));
    expect(await keptBytes(NAME)!.get("a")).toEqual(bytes(7, 8));
    await kept.drop("b");
    await kept.keepOnly(["a", "z"]);
    expect(await Promise.all(["a", "b", "c"].map((key) => kept.get(key)))).toEqual([
      bytes(7, 8),
      undefined,
      undefined,
    ]);
  });

  it("says what the browser says where it keeps nothing", async () => {
    const refusing = {
      open: () => Promise.reject(new DOMException("Quota exceeded.", "QuotaExceededError")),
    } as unknown as CacheStorage;
    await expect(keptBytes(NAME, refusing)!.put("a", bytes(1))).rejects.toThrow("Quota exceeded");
  });
});

describe("keptTexts", () => {
  it("keeps texts by key", async () => {
    const kept = keptTexts(NAME)!;
    const key = JSON.stringify(["an adapter", { "a/b?c": 1 }]);
    expect(await kept.get(key)).toBeUndefined();
    await kept.set(key, "one");
    await kept.set(key, "two");
    expect(await kept.get(key)).toBe("two");
    expect(await kept.get(`${key} `)).toBeUndefined();
  });
});
