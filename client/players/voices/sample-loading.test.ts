import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { type Remark, remark, sentence } from "#base/remark.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { loadSamples } from "./sample-loading.ts";

async function loading(broken: (instrument: number) => boolean) {
  const tried: number[] = [];
  let remarks: Remark[] = [];
  await loadSamples({
    load: async (instrument) => {
      tried.push(instrument);
      if (broken(instrument)) throw new Failure("unavailable", "Its file is gone; reload.");
    },
    lead: () => (tried.length < 2 ? 8 : 3),
    tell: (now, before) => {
      remarks = [...remarks.filter((known) => known !== before), now];
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
    const told = (instruments: readonly string[]) =>
      remark("plays-synthesised", {
        instruments,
        of: INSTRUMENTS.length,
        reason: sentence("Its file is gone; reload."),
      });
    expect(some.remarks).toEqual([told(["Piano", "Guitar", "Bass"])]);
    const all = await loading(() => true);
    expect(all.remarks).toHaveLength(1);
    expect(all.remarks[0]).toMatchObject({ parameters: { of: 12, instruments: { length: 12 } } });
  });
});
