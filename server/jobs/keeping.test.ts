import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Kept, surplus } from "./keeping.ts";

const LIMITS = { kept: 3, bytes: 100 };
const fruit = (client: string, bytes: number): Kept => ({ client, bytes, fruitful: true });
const barren = (client: string): Kept => ({ client, bytes: 0, fruitful: false });

describe("surplus", () => {
  it("keeps what is within the limits", () => {
    expect(surplus([fruit("a", 50), fruit("b", 50), barren("c")], LIMITS)).toEqual([]);
  });

  it("takes the oldest of whoever holds most, by bytes before by number", () => {
    const large = fruit("a", 90);
    expect(surplus([fruit("b", 1), fruit("b", 1), large, fruit("b", 20)], LIMITS)).toEqual([large]);
    const first = fruit("b", 1);
    expect(surplus([fruit("a", 9), first, fruit("b", 1), fruit("b", 1)], LIMITS)).toEqual([first]);
  });

  it("counts jobs without results apart", () => {
    const jobs = [fruit("a", 1), ...Array.from({ length: 5 }, () => barren("b"))];
    const gone = surplus(jobs, LIMITS);
    expect(gone).toHaveLength(2);
    expect(gone.every((job) => !job.fruitful)).toBe(true);
  });

  it("never touches a client's only job while another has more and larger", () => {
    const sizes = fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(sizes, (theirs) => {
        const mine = fruit("me", 10);
        const gone = surplus([mine, ...theirs.map((bytes) => fruit("they", bytes))], LIMITS);
        expect(gone).not.toContain(mine);
      }),
    );
  });
});
