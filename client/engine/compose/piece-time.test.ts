/** Pieces lie in the metres and tempos that were asked for, and those of what they go on from are written back. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { MetreMap, metreName, OFFERED_METRES, parseMetre } from "#music/metre.ts";
import { type Arrangement, arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { openingTempo, primeOf } from "#music/midi/prime.ts";
import { endOfNotes } from "#music/piece.ts";
import { composePiece } from "./compose-piece.ts";
import type { ComposeRequest } from "./compose-request.ts";
import { endStepOf, metresOf, temposOf } from "./piece-time.ts";

const REQUEST: ComposeRequest = {
  lead: 3,
  drums: true,
  bars: 10,
  tracks: 1,
  temperature: 1,
  topP: 0.95,
  seed: 4,
  tempo: 120,
};

const primed = (name: string) => {
  const url = new URL(`../../music/testing/cases/${name}.mid`, import.meta.url);
  return primeOf(arrange(readMidi(readFileSync(url))));
};

async function composed(change: Partial<ComposeRequest>): Promise<Arrangement> {
  const { midi } = await composePiece(new FakeDecoder(), { ...REQUEST, ...change }, 1);
  return arrange(readMidi(midi));
}

const names = ({ metres }: Arrangement) =>
  metres.points.map(({ step, metre }) => `${step} ${metreName(metre)}`);
const tempos = ({ tempos }: Arrangement) =>
  tempos.map(({ step, tempo }) => `${step} ${Math.round(100 * tempo) / 100}`);

describe("a piece in time", () => {
  it.each(OFFERED_METRES.map(metreName))(
    "fills its bars of %s and says so in its file",
    async (name) => {
      const metre = parseMetre(name);
      const piece = await composed({ metre, bars: 5 });
      expect(names(piece)).toEqual([`0 ${name}`]);
      const end = MetreMap.of(metre).bar(5).start;
      expect(endStepOf({ ...REQUEST, metre, bars: 5 })).toBe(end);
      expect(endOfNotes(piece.notes)).toBeLessThanOrEqual(end);
      expect(piece.metres.barsIn(endOfNotes(piece.notes))).toBe(5);
      expect(piece.metres.barAt(piece.notes[0].onset).index).toBe(0);
    },
  );

  it("goes on from a waltz at 90 as a waltz at 90", async () => {
    const prime = primed("51-waltz-90-bpm");
    const piece = await composed({ prime, tempo: openingTempo(prime) });
    expect(names(piece)).toEqual(["0 3/4"]);
    expect(tempos(piece)).toEqual(["0 90"]);
    const places = piece.notes.map(({ pitch, onset }) => `${onset} ${pitch}`);
    const own = prime.notes.map(({ pitch, onset }) => `${onset} ${pitch}`);
    expect(places.slice(0, own.length)).toEqual(own);
    expect(endOfNotes(piece.notes)).toBeLessThanOrEqual(10 * 24);
    expect(endOfNotes(piece.notes)).toBeGreaterThan(9 * 24);
  });

  it("keeps the changes of tempo of what it goes on from, faster where another tempo is asked for", async () => {
    const prime = primed("51b-prime-with-tempo-change");
    expect(tempos(await composed({ prime, tempo: 60 }))).toEqual(["0 60", "64 180"]);
    expect(tempos(await composed({ prime, tempo: 90 }))).toEqual(["0 90", "64 270"]);
    expect(temposOf({ tempo: 90 })).toEqual([{ step: 0, tempo: 90 }]);
  });

  it("keeps uneven metres, and changes to the one asked for at the bar after them", async () => {
    const prime = primed("50c-metre-5-8-8-8");
    const end = metresOf({ prime }).bar(3).start;
    const before = ["0 5/8", "20 8/8", "52 5/8"];
    expect(names(await composed({ prime, tempo: 120 }))).toEqual(before);
    const metre = parseMetre("6/8");
    expect(names(await composed({ prime, metre }))).toEqual([...before, `${end} 6/8`]);
  });

  it("is too short for a prime by the bars of the prime's metre", async () => {
    const prime = primed("51-waltz-90-bpm");
    await expect(composed({ prime, bars: 8 })).rejects.toThrow(/lasts 8 bars and 8 are asked for/);
  });
});
