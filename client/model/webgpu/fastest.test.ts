import { describe, expect, it } from "vitest";
import { fastest } from "./fastest.ts";

/** Ways that take what is listed, turn by turn (the last for ever), on a clock of their own. */
function race(budget: number, ...times: number[][]) {
  let time = 0;
  const turns = times.map(() => 0);
  const ways = times.map((of, i) => async () => {
    const took = of[Math.min(turns[i]++, of.length - 1)];
    time += took;
    return took;
  });
  return { answer: fastest(ways, { budget, now: () => time }), turns, elapsed: () => time };
}

describe("fastest", () => {
  it("takes the way of the least time", async () => {
    const { answer } = race(300, [10], [7], [8]);
    expect(await answer).toEqual({ index: 1, sure: true });
  });

  it("is not misled by a slow first turn, nor by one that was disturbed", async () => {
    const { answer } = race(400, [10], [90, 7, 40, 7], [9]);
    expect(await answer).toEqual({ index: 1, sure: true });
  });

  it("stays with the first for a gain within the noise", async () => {
    const { answer } = race(300, [10], [9.6]);
    expect(await answer).toEqual({ index: 0, sure: true });
  });

  it("stops when its time is over, the turn under way included", async () => {
    const { answer, elapsed } = race(100, [10], [7]);
    await answer;
    expect(elapsed()).toBeGreaterThanOrEqual(100);
    expect(elapsed()).toBeLessThan(110);
  });

  it("stays with the first, and is not sure, where the time allows too few turns", async () => {
    const { answer, turns } = race(30, [10], [2], [3]);
    expect(await answer).toEqual({ index: 0, sure: false });
    expect(turns).toEqual([2, 2, 2]);
  });

  it("fails where a way fails", async () => {
    const failing = [async () => 1, async () => Promise.reject(new Error("lost"))];
    let time = 0;
    await expect(fastest(failing, { budget: 10, now: () => time++ })).rejects.toThrow("lost");
  });
});
