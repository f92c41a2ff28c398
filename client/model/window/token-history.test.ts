import { describe, expect, it } from "vitest";
import { TokenHistory } from "./token-history.ts";

const count = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("TokenHistory", () => {
  it("knows the prefix and at least the newest tokens, and keeps no more than twice as many", () => {
    const history = new TokenHistory(3, 10);
    for (let at = 0; at < 100; at += 4) {
      history.take({ tokens: count(at, at + 4) });
      expect(history.position).toBe(at + 4);
      expect(history.position - history.from).toBeGreaterThanOrEqual(Math.min(at + 4, 10));
      expect(history.position - history.from).toBeLessThan(20);
      expect(history.slice(history.from, 999).tokens).toEqual(count(history.from, at + 4));
      expect(history.prefix.tokens).toEqual([0, 1, 2]);
    }
    expect(history.slice(95, 98).tokens).toEqual([95, 96, 97]);
    expect(history.slice(98, 95)).toEqual({ tokens: [] });
  });

  it("goes back to any known position, and to the prefix from anywhere", () => {
    const history = new TokenHistory(3, 10);
    history.take({ tokens: count(0, 50) });
    history.truncate(45);
    expect([history.position, ...history.slice(43, 50).tokens]).toEqual([45, 43, 44]);
    history.truncate(2);
    expect([history.position, history.from]).toEqual([2, 0]);
    history.take({ tokens: [7, 8] });
    expect(history.prefix.tokens).toEqual([0, 1, 7]);
    expect(history.slice(0, 9).tokens).toEqual([0, 1, 7, 8]);
    history.truncate(0);
    expect(history.slice(0, 9)).toEqual({ tokens: [] });
  });

  it("keeps the conditions of each token beside it", () => {
    const history = new TokenHistory(3, 10);
    const run = (tokens: number[]) => ({
      tokens,
      conditions: tokens.map((token) => [token, -token]),
    });
    for (let at = 0; at < 100; at += 4) history.take(run(count(at, at + 4)));
    expect(history.prefix).toEqual(run([0, 1, 2]));
    expect(history.slice(95, 98)).toEqual(run([95, 96, 97]));
    history.truncate(96);
    expect(history.slice(94, 99)).toEqual(run([94, 95]));
    expect(history.slice(95, 95)).toEqual({ tokens: [] });
  });
});
