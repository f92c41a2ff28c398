import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MetreMap } from "#music/metre.ts";
import { barsOf, OPEN_BAR } from "./chart.ts";
import { CONDITION_GROUPS, CONDITION_ROWS, conditionsAt, headingConditions } from "./conditions.ts";

/** The names and rows within their groups that ids stand for, open ones left out. */
function said(ids: readonly number[]): Record<string, number> {
  const rows: Record<string, number> = {};
  let start = 0;
  for (const [index, { name, rows: count }] of CONDITION_GROUPS.entries()) {
    const row = ids[index] - start;
    expect(row).toBeGreaterThanOrEqual(0);
    expect(row).toBeLessThan(count);
    if (row > 0) rows[name] = row;
    start += count;
  }
  return rows;
}

describe("conditions", () => {
  it("have the groups and sizes of the model's manifest", () => {
    expect(CONDITION_GROUPS).toHaveLength(21);
    expect(CONDITION_ROWS).toBe(97 + 17 + 74 + 3 * 9 + 6 + 13 + 36 + 17);
  });

  it("are those of the contract", () => {
    const contract = readFileSync(new URL("../../../docs/contract.md", import.meta.url), "utf8");
    const told = [...contract.matchAll(/^\| (`[^|]*`) \| (\d+)(?: each)? \|/gm)].flatMap(
      ([, names, rows]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name]) => ({ name, rows: Number(rows) })),
    );
    const own = CONDITION_GROUPS.filter(({ name }) => !/^player([1-9]|10)$/.test(name));
    expect(told).toEqual(own);
  });

  it("are the place in the bar and its length where nothing is said", () => {
    const metres = MetreMap.of({ numerator: 3, denominator: 4 });
    expect(said(conditionsAt(barsOf({ metres, bars: [] }), 24 + 5))).toEqual({
      phase: 6,
      barLength: 5,
    });
  });

  it("are those of the half in which the onset lies", () => {
    const bar = {
      ...OPEN_BAR,
      chords: [
        { root: 0, quality: "major" },
        { root: 9, quality: "minor" },
      ] as const,
      density: 5,
      leader: 3,
      players: OPEN_BAR.players.with(2, true).with(9, false),
    };
    const chart = { metres: new MetreMap(), bars: [bar], style: 0 };
    const whole = { density: 6, leader: 4, player2: 2, player9: 1, style: 1, barLength: 7 };
    expect(said(conditionsAt(barsOf(chart), 15))).toEqual({ ...whole, phase: 16, chord: 1 });
    expect(said(conditionsAt(barsOf(chart), 16))).toEqual({
      ...whole,
      phase: 17,
      chord: 1 + 9 * 6 + 1,
    });
    expect(said(conditionsAt(barsOf(chart), 32))).toEqual({ phase: 1, barLength: 7, style: 1 });
  });

  it("of the heading are the style alone", () => {
    expect(said(headingConditions(undefined))).toEqual({});
    expect(said(headingConditions(15))).toEqual({ style: 16 });
  });
});
