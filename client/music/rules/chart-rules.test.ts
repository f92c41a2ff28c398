import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { type ChartBar, type ChartChord, OPEN_BAR, type Quality } from "#music/chart/chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { beatsOf, halfOf, type Metre, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { GridGrammar } from "#music/tokens/tokenization.ts";
import { drumsToken, leadToken, START, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { chordTones } from "./chart-rules.ts";
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

  it.each(["beats", "always"] as const)("hold melodic notes to the chord: %s", (chordLock) => {
    const metres = new MetreMap();
    const random = new Random(9);
    const key = parseKey("D minor");
    const chordOf = (quality: Quality): ChartChord => ({ root: random.integer(12), quality });
    const bars = Array.from({ length: 400 }, (): ChartBar => {
      const second = random.integer(3) === 0 ? "none" : chordOf("dominant");
      return { ...OPEN_BAR, chords: [chordOf("minor"), second] };
    });
    const settings = { lead: 0, drums: true, chordLock };
    const chart = chartOf(metres, bars);
    let free = 0;
    for (const { onset, instrument, pitch } of play(settings, chart, 300, 2)) {
      if (instrument === DRUMS) continue;
      const bar = metres.barAt(onset);
      const phase = onset - bar.start;
      const chord = bars[bar.index].chords[phase < halfOf(bar) ? 0 : 1];
      const held = chordLock === "always" || beatsOf(bar.metre).includes(phase);
      if (chord === undefined || chord === "none") continue;
      if (held) expect(chordTones(chord)).toContain(pitch % 12);
      else if (!chordTones(chord).includes(pitch % 12)) free++;
    }
    if (chordLock === "beats") expect(free).toBeGreaterThan(10);
    expect(play({ ...settings, key }, chart, 100, 2)).toHaveLength(100);
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
      chordLock: "always" as const,
      ranges: OPEN_BAR.players.map(() => [40, 40] as const),
    };
    expect(play(settings, held, 60, 1).every(({ pitch }) => pitch === 40)).toBe(true);
  });
});
