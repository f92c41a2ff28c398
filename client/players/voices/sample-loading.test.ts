import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { loadSamples } from "./sample-loading.ts";

async function loading(broken: (instrument: number) => boolean) {
  const tried: number[] = [];
  let remarks: string[] = [];
  await loadSamples({
    load: async (instrument) => {
      tried.push(instrument);
      if (broken(instrument)) throw new Failure("unavailable", "Its file is gone; reload.");
    },
    lead: () => (tried.length < 2 ? 8 : 3),
    tell: (sentence, before) => {
      remarks = [...remarks.filter((known) => known !== before), sentence];
    },
  });
  return { tried, remarks };
}

describe("loadSamples", () => {
  it("loads whoever leads first, then the others", async () => {
    const { tried, remarks } = await loading(() => false);
    expect(tried.slice(0, 4)).toEqual([8, 0, 3, 1]);
    expect(new Set(tried).size).toBe(INSTRUMENTS.length);
    expect(remarks).toEqual([]);
  });

  it("says in one remark which instruments play synthesised", async () => {
    const some = await loading((instrument) => instrument < 3);
    expect(some.remarks).toEqual([
      "Piano, Guitar and Bass play synthesised. Its file is gone; reload.",
    ]);
    const all = await loading(() => true);
    expect(all.remarks).toEqual([
      "All twelve instruments play synthesised. Its file is gone; reload.",
    ]);
  });
});
