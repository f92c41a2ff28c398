import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { conditionsInBar, headingConditions } from "#music/chart/conditions.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import type { ConstraintSettings } from "#music/rules/constraint.ts";
import { ENDLESS } from "#music/rules/grammar.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { PieceHistory } from "./piece-history.ts";

const SETTINGS: ConstraintSettings = { lead: 3, drums: true, band: [0, 2, 8] };
const ALLOWANCES = { ...ENDLESS, longestRest: 3 };
const mask = new Uint8Array(VOCABULARY_SIZE);

/** Pushes events, each token chosen among those allowed; the first not before `step`. */
function play(piece: PieceHistory, events: number, random: Random, step = 0): void {
  for (let i = 0; i < 3 * events; i++) {
    piece.fillMask(mask, { ...ALLOWANCES, shortestRest: Math.max(0, step - piece.onset) });
    const first = random.integer(VOCABULARY_SIZE);
    let id = mask.indexOf(1, first);
    if (id < 0) id = mask.indexOf(1);
    piece.push(id);
    piece.forget();
  }
}

const notes = (piece: PieceHistory) => piece.events.map(({ note }) => note);

describe("PieceHistory", () => {
  it("goes back as though what it takes back had never been", () => {
    const random = new Random(1);
    const piece = new PieceHistory(SETTINGS, []);
    play(piece, 600, random);
    for (const back of [1, 90, 200, 300]) {
      const step = piece.events[piece.events.length - back].note.onset;
      piece.retake(step, SETTINGS);
      const fresh = new PieceHistory(SETTINGS, []);
      for (const id of piece.tokens.slice(3)) fresh.push(id);
      expect(notes(piece)).toEqual(notes(fresh));
      expect(notes(piece).every(({ onset }) => onset < step)).toBe(true);
      expect(piece.length).toBe(fresh.length);
      // What may follow is the same, now and later.
      for (const seed of [1, 2]) {
        play(piece, 20, new Random(seed));
        play(fresh, 20, new Random(seed));
      }
      expect(piece.tokens).toEqual(fresh.tokens);
    }
  });

  it("keeps what a retake began with: a new lead is awaited in every attempt", () => {
    const piece = new PieceHistory(SETTINGS, []);
    play(piece, 100, new Random(2));
    const step = piece.events[60].note.onset;
    const changed = { ...SETTINGS, lead: 8 };
    for (let attempt = 0; attempt < 3; attempt++) {
      piece.retake(step, changed);
      expect(piece.heading.tokens[2]).toBe(3075 + 8);
      const before = piece.events.length;
      play(piece, 1, new Random(attempt), step);
      const [{ note }] = piece.events.slice(before);
      expect([8, 9]).toContain(note.instrument); // the lead, or drums before it
    }
  });

  it("forgets the oldest events, and no more than it says", () => {
    const piece = new PieceHistory(SETTINGS, []);
    play(piece, 9000, new Random(3));
    expect(piece.length).toBe(3 + 3 * 9000);
    expect(piece.events.length).toBeGreaterThanOrEqual(4096);
    expect(piece.events.length).toBeLessThan(8192);
    expect(piece.tokens.length).toBe(3 + 3 * piece.events.length);
    expect(() => piece.runFrom(3)).toThrow(/forgotten/);
    // A retake still reaches the whole of it, and the piece goes on from there.
    const [{ index }] = piece.events;
    piece.retake(0, SETTINGS);
    expect(piece.length).toBe(index);
    expect(piece.events).toEqual([]);
    play(piece, 10, new Random(4));
    expect(piece.events).toHaveLength(10);
  }, 300_000);

  it("begins with a prime and remembers all of it", () => {
    const prime = [
      { instrument: 3, pitch: 62, velocity: 90, onset: 0, duration: 8 },
      { instrument: 2, pitch: 38, velocity: 75, onset: 4, duration: 4 },
    ];
    const piece = new PieceHistory(SETTINGS, prime);
    expect(notes(piece)).toEqual(prime);
    piece.retake(4, SETTINGS);
    expect(notes(piece)).toEqual(prime.slice(0, 1));
    expect(piece.onset).toBe(0);
  });
});

describe("conditions of a piece", () => {
  const chart = (density: number) =>
    new OrderedChart({
      written: Object.fromEntries(
        Array.from({ length: 600 }, (_, bar) => [bar, { density: (bar + density) % 8 }]),
      ),
      style: 3,
    });

  it("are those of the chart at each onset, what was played under another chart keeps its own", () => {
    const before = chart(0);
    const piece = new PieceHistory(SETTINGS, [], { chart: before, conditioned: true });
    play(piece, 900, new Random(4));
    const step = piece.events[650].note.onset;
    const after = chart(3);
    piece.retake(step, SETTINGS, after);
    play(piece, 300, new Random(5), step);
    for (const { index, note } of piece.events) {
      const { tokens, conditions = [] } = piece.runFrom(index);
      expect(conditions).toHaveLength(tokens.length);
      const bar = (note.onset < step ? before : after).bar(before.metres.barAt(note.onset).index);
      const said = conditionsInBar(before.metres.barAt(note.onset), bar, note.onset, 3);
      expect(conditions.slice(0, 3)).toEqual([said, said, said]);
    }
    expect(piece.heading.conditions).toEqual(new Array(3).fill(headingConditions(3)));
  });

  it("are none where the model reads no chart", () => {
    const piece = new PieceHistory(SETTINGS, []);
    play(piece, 10, new Random(1));
    expect(piece.runFrom(3).conditions).toBeUndefined();
    expect(piece.heading.conditions).toBeUndefined();
  });
});
