import { describe, expect, it } from "vitest";
import { spread, takeTurns } from "./spread.ts";

describe("spread", () => {
  it("takes percentiles by nearest rank", () => {
    const times = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect(spread(times)).toEqual({ min: 1, p50: 10, p95: 19, max: 20, count: 20 });
    expect(spread([7])).toEqual({ min: 7, p50: 7, p95: 7, max: 7, count: 1 });
  });
});

describe("turns", () => {
  it("run in rows, the first of each uncounted, until there are enough", async () => {
    const order: string[] = [];
    const works = ["a", "b"].map((name) => async () => {
      order.push(name);
    });
    const turns = { runs: 3, inARow: 3, enough: 1000, fewest: 1 };
    const [a, b] = await takeTurns(works, turns);
    expect(order.join("")).toBe("aaabbbaaabbb");
    expect([a.count, b.count]).toEqual([4, 4]);
  });

  it("stop where time is spent, but not before the fewest", async () => {
    const slow = () => new Promise<void>((done) => setTimeout(done, 12));
    const [times] = await takeTurns([slow], { runs: 50, inARow: 4, enough: 20, fewest: 2 });
    expect(times.count).toBe(2);
  });
});
