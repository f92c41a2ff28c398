import { describe, expect, it } from "vitest";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { RelievedChart } from "./relieved-chart.ts";
import { RELIEF } from "./rut.ts";

const AM = { root: 9, quality: "minor" } as const;

describe("a relieved chart", () => {
  it("goes to other chords where the music is stuck, and holds those that were written", () => {
    const loop = [{ chords: [AM, AM] as const }, { chords: [AM, undefined] as const }, {}];
    const laid = [{ bar: 0, at: 0, loop, drawn: {} }];
    const ordered = new OrderedChart({ laid, arranged: { seed: 5, lead: 0, drums: true } });
    const relieved = new RelievedChart(ordered);
    relieved.relieve(RELIEF.chord, 3);
    expect(relieved.bar(2)).toEqual(ordered.bar(2));
    expect(relieved.bar(3)?.chords).toEqual([AM, AM]);
    expect(relieved.bar(4)?.chords[0]).toEqual(AM);
    const moved = [relieved.bar(4)?.chords[1], ...(relieved.bar(5)?.chords ?? [])];
    const asked = [ordered.bar(4).chords[1], ...ordered.bar(5).chords];
    for (const [at, chord] of moved.entries()) expect(chord).not.toEqual(asked[at]);
  });
});
