import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { type ChartBar, type ChartChord, OPEN_BAR, type Quality } from "#music/chart/chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { inKey, parseKey } from "#music/key.ts";
import { beatsOf, halfOf, type Metre, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { GridGrammar } from "#music/tokens/tokenization.ts";
import { drumsToken, leadToken, START, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { CHORD_LOCKS, ChordRule, chordTones } from "./chart-rules.ts";
import { Constraint, type ConstraintSettings } from "./constraint.ts";
import { ENDLESS } from "./grammar.ts";

const METRES: Metre[] = [
  { numerator: 4, denominator: 4 },
  { numerator: 3, denominator: 4 },
  { numerator: 6, denominator: 8 },
  { numerator: 7, denominator: 8 },
];

const chartOf = (metres: MetreMap, bars: readonly ChartBar[]): ChartBars => ({
  metres,
  bar: (index) => bars[index],
});

/** Draws events at random from what is allowed. */
function play(
  settings: ConstraintSettings,
  chart: ChartBars,
  events: number,
  seed: number,
): Note[] {
  const random = new Random(seed);
  const grammar = new GridGrammar();
  const constraint = new Constraint(settings, chart);
  const mask = new Uint8Array(VOCABULARY_SIZE);
  const notes: Note[] = [];
  for (const id of [START, drumsToken(settings.drums), leadToken(settings.lead)])
    grammar.push(id, constraint);
  while (notes.length < events) {
    grammar.fillMask(mask, constraint, { ...ENDLESS, longestRest: 32 });
    const ids = [...mask.keys()].filter((id) => mask[id] === 1);
    expect(ids.length).toBeGreaterThan(0);
    const note = grammar.push(ids[random.integer(ids.length)], constraint);
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

describe("a chart's rules", () => {
  it.each(METRES)("silence who rests, bar by bar, in %j", (metre) => {
    const metres = MetreMap.of(metre);
    const random = new Random(metre.numerator);
    const bars = Array.from({ length: 400 }, () => ({
      ...OPEN_BAR,
      players: OPEN_BAR.players.map(() => [true, false, false, undefined][random.integer(4)]),
    }));
    const chart = chartOf(metres, bars);
    const notes = play({ lead: 3, drums: true }, chart, 300, 5);
    let resting = 0;
    for (const { onset, instrument } of notes) {
      const { players } = bars[metres.barAt(onset).index];
      if (players[instrument] === false) resting++;
    }
    // A bar in which all rest falls back to whoever there is.
    const silent = bars.some(({ players }) => players.every((plays) => plays === false));
    expect(silent).toBe(false);
    expect(resting).toBe(0);
  });

  it.each(CHORD_LOCKS)("hold melodic notes to the chord: %s", (chordLock) => {
    const metres = new MetreMap(METRES.map((metre, i) => ({ step: 300 * i, metre })));
    const random = new Random(9);
    const chordOf = (quality: Quality): ChartChord => ({ root: random.integer(12), quality });
    const bars = Array.from({ length: 900 }, (): ChartBar => {
      const second = random.integer(3) === 0 ? "none" : chordOf("dominant");
      return { ...OPEN_BAR, chords: [chordOf("minor"), second] };
    });
    const chart = chartOf(metres, bars);
    const key = parseKey("D minor");
    const foreign = { begun: 0, onBeats: 0, held: 0, toScale: 0 };
    for (const note of play({ lead: 0, drums: true, chordLock }, chart, 400, 2)) {
      if (note.instrument === DRUMS) continue;
      for (let step = note.onset; step < note.onset + note.duration; step++) {
        const bar = metres.barAt(step);
        const phase = step - bar.start;
        const chord = bars[bar.index].chords[phase < halfOf(bar) ? 0 : 1];
        if (chord === undefined || chord === "none") continue;
        if (chordTones(chord).includes(note.pitch % 12)) continue;
        foreign.held++;
        if (beatsOf(bar.metre).includes(phase)) foreign.onBeats++;
        if (step > note.onset) continue;
        foreign.begun++;
        const dorian = parseKey(`C ${chord.quality === "minor" ? "dorian" : "mixolydian"}`);
        if (!inKey({ ...dorian, tonic: chord.root }, note.pitch % 12)) foreign.toScale++;
      }
    }
    const { begun, onBeats, held, toScale } = foreign;
    expect(onBeats > 0).toBe(chordLock === "soft");
    expect(held > 0).toBe(chordLock !== "strict");
    expect(begun > 0).toBe(chordLock !== "strict");
    expect(toScale > 0).toBe(chordLock === "soft" || chordLock === "beats");
    expect(play({ lead: 0, drums: true, chordLock, key }, chart, 100, 2)).toHaveLength(100);
  });

  it("say the same between the steps they name", () => {
    const random = new Random(4);
    const metres = new MetreMap(METRES.map((metre, i) => ({ step: 70 * i, metre })));
    const bars = Array.from({ length: 40 }, (): ChartBar => {
      const chord = { root: random.integer(12), quality: "suspended" } as const;
      return { ...OPEN_BAR, chords: [chord, random.integer(2) === 0 ? undefined : chord] };
    });
    for (const lock of CHORD_LOCKS) {
      const rule = new ChordRule(chartOf(metres, bars), lock, undefined);
      const said = (step: number) => {
        const [struck, held] = [new Uint8Array(1536).fill(1), new Uint8Array(1536).fill(1)];
        rule.narrow(struck, step);
        rule.hold(held, step);
        return [...struck, ...held].join("");
      };
      for (let step = 0; step < 300; ) {
        const until = Math.min(300, rule.changesAfter(step));
        const now = said(step);
        for (step++; step < until; step++) expect(said(step)).toBe(now);
      }
    }
  });

  it("follow a chart that says something else, though they were asked before", () => {
    const chart = { metres: new MetreMap(), revision: 0, bar: (): ChartBar => bar };
    let bar: ChartBar = { ...OPEN_BAR, chords: [{ root: 0, quality: "major" }, undefined] };
    const constraint = new Constraint({ lead: 0, drums: false, chordLock: "strict" }, chart);
    const pitches = () => {
      const allowed = new Uint8Array(1536);
      constraint.fill(allowed, 0);
      return new Set(
        [...allowed.keys()].filter((note) => allowed[note] === 1).map((note) => (note % 128) % 12),
      );
    };
    expect(pitches()).toEqual(new Set([0, 4, 7, 11]));
    bar = { ...OPEN_BAR, chords: [{ root: 2, quality: "minor" }, undefined] };
    chart.revision++;
    expect(pitches()).toEqual(new Set([2, 5, 9, 0]));
  });

  it("fall back, chords before players, where they would leave nothing", () => {
    const nobody = { ...OPEN_BAR, players: OPEN_BAR.players.map(() => false) };
    const chart = chartOf(new MetreMap(), new Array(100).fill(nobody));
    expect(play({ lead: 2, drums: false }, chart, 60, 1)).toHaveLength(60);
    const onlyBass = {
      ...OPEN_BAR,
      chords: [{ root: 1, quality: "fifth" }, "none"] as const,
      players: OPEN_BAR.players.map((_, instrument) => instrument === 2),
    };
    const held = chartOf(new MetreMap(), new Array(100).fill(onlyBass));
    const settings = {
      lead: 2,
      drums: false,
      chordLock: "strict" as const,
      parts: OPEN_BAR.players.map(() => ({ register: [40, 40] as const })),
    };
    expect(play(settings, held, 60, 1).every(({ pitch }) => pitch === 40)).toBe(true);
  });
});
