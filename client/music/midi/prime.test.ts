import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MetreMap, metreName } from "#music/metre.ts";
import { endOfNotes } from "#music/piece.ts";
import { arrange } from "./arrangement.ts";
import { readMidi } from "./midi-reader.ts";
import { openingTempo, primeOf } from "./prime.ts";

const read = (name: string) =>
  arrange(readMidi(readFileSync(new URL(`../testing/cases/${name}.mid`, import.meta.url))));

const tempos = (name: string) =>
  primeOf(read(name)).tempos.map(({ step, tempo }) => [step, Math.round(100 * tempo) / 100]);

describe("a prime", () => {
  it.each([
    ["51-waltz-90-bpm", 90],
    ["51b-prime-with-tempo-change", 60],
    ["70-two-tempos-at-0", 90],
    ["47-first-tempo-late", 120],
    ["73-tempo-event-only-after-the-last-note", 120],
    ["71-count-in-bar-at-120-then-90", 90],
  ])("%s begins at %d bpm", (name, tempo) => {
    expect(openingTempo(primeOf(read(name)))).toBe(tempo);
  });

  it("keeps the tempos that its notes are played at, and no others", () => {
    expect(tempos("51b-prime-with-tempo-change")).toEqual([
      [0, 60],
      [64, 180],
    ]);
    expect(tempos("71-count-in-bar-at-120-then-90")).toEqual([[0, 90]]);
    expect(tempos("73-tempo-event-only-after-the-last-note")).toEqual([[0, 120]]);
  });

  it.each([
    ["51-waltz-90-bpm", ["3/4"], 8],
    ["50-metre-4-4-then-3-4-at-0", ["3/4"], 8],
    ["50c-metre-5-8-8-8", ["5/8", "8/8", "5/8"], 3],
  ])("%s stands in %j and lasts %i bars", (name, names, bars) => {
    const { notes, metres } = primeOf(read(name));
    expect(metres.map(({ metre }) => metreName(metre))).toEqual(names);
    expect(new MetreMap(metres).barsIn(endOfNotes(notes))).toBe(bars);
  });
});
