/** Charts as people write them, and as they are written beside a piece. */
import { describe, expect, it } from "vitest";
import { parseKey } from "#music/key.ts";
import { MetreMap } from "#music/metre.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import { parseChart, parseStyle, type WrittenChart, writeChart } from "./chart-file.ts";
import { chartTexts } from "./chart-texts.ts";
import { chordName } from "./chord-names.ts";
import { STYLES } from "./conditions.ts";
import { OrderedChart } from "./ordered-chart.ts";

/** Chords of a chart's bars, "Am" for both halves, "C/G" for two. */
const chordsOf = ({ bars }: WrittenChart): string[] =>
  bars.map(({ chords }) => {
    const names = (chords ?? []).map((chord) => (chord === undefined ? "-" : chordName(chord)));
    return names[0] === names[1] ? names[0] : names.join("/");
  });

describe("a chart as text", () => {
  it.each([
    ["| Am | F | C G | x2", ["Am", "F", "C/G", "Am", "F", "C/G"]],
    ["Am F C/G", ["Am", "F", "C/G"]],
    ["| Dm7 | % | G7 / | N.C. |", ["Dm", "Dm", "G7", "N.C."]],
    ["# a comment\n\n[Verse] | C | - |\n[Chorus]\n| F | G | # too", ["C", "-", "F", "G"]],
    ["Am, F, C/G", ["Am", "F", "C/G"]],
    ["| C, G | Am |", ["C/G", "Am"]],
    ["| F#dim | Bbsus | C5 | Ebmaj7 |", ["F#dim", "Bbsus", "C5", "Eb"]],
  ])("is read: %j", (text, expected) => {
    expect(chordsOf(parseChart(text))).toEqual(expected);
  });

  it("names its sections from where they stand", () => {
    const { bars } = parseChart("| C |\n[Verse] | F | G |\n[Chorus] Am");
    expect(bars.map(({ section }) => section)).toEqual([undefined, "Verse", "Verse", "Chorus"]);
    expect(parseChart("C [Verse] | F | G | [Chorus] Am").bars).toEqual(bars);
    expect(bars.some(({ begins }) => begins)).toBe(false);
  });

  it("begins a section again whose name is said again, in text and as JSON", () => {
    const chart = parseChart("[A] C F [A] C G x2 [B] Am");
    expect(chart.bars.map(({ begins = false }) => begins)).toEqual(
      [0, 0, 1, 0, 0, 0, 0].map(Boolean),
    );
    expect(parseChart(writeChart(chart))).toEqual(chart);
  });

  it.each([
    ["C major", "ii V I vii°", ["Dm", "G", "C", "Bdim"]],
    ["A minor", "i VI iv V7 bVII", ["Am", "F", "Dm", "E7", "G"]],
    ["Eb major", "| I vi | ii V7 |", ["Eb/Cm", "Fm/Bb7"]],
  ])("reads degrees of %s", (key, text, expected) => {
    expect(chordsOf(parseChart(text, parseKey(key)))).toEqual(expected);
  });

  it.each([
    ["| Am | Hx |", /^Bar 2: The chord "Hx" is not known/],
    ["| C |\n| D | | E |", /^Line 2 of the chart: bar 2: it is empty; write a chord/],
    ["[A] C D x2 [B] F Hx", /^Bar 6: The chord "Hx"/],
    ["%", /nothing before "%"/],
    ["| C D E F |", /changes chord within a half/],
    ["ii V I", /is a degree and there is no key; name one/],
    ["| C | x0", /"x0" is no number of times/],
    ["| C | x9999", /no number of times|over 4096 bars/],
    ["| C | F |\nx2", /^Line 2 of the chart: there is nothing before "x2" to repeat; end a line/],
    ["[A] x3", /^There is nothing before "x3" to repeat/],
    ["|: C | F :|", /^Repeat signs are not read; end the line in x2/],
    ["Verse: | C |", /^Bar 1: The chord "Verse:" is not known/],
    [`[${"a".repeat(99)}] C`, /^The name "a{40}\.\.\." of a section is too long; take at most 80/],
    ["# nothing", /The chart has no bar; write one like/],
  ])("is refused with its place and what to write: %j", (text, sentence) => {
    expect(() => parseChart(text)).toThrow(sentence);
  });
});

describe("a chart as JSON", () => {
  it("comes back as it was written, whatever an arranger says", () => {
    for (const seed of [1, 2, 3]) {
      const ordered = new OrderedChart({ arranged: { seed, lead: 3, drums: true, bars: 24 } });
      const bars = Array.from({ length: 24 }, (_, index) => ordered.bar(index));
      const chart = { bars, style: ordered.style ?? 0 };
      expect(parseChart(writeChart(chart))).toEqual(chart);
      expect(parseChart(`\uFEFF${writeChart(chart)}`)).toEqual(chart);
    }
  });

  it.each([
    ["{", /no JSON/],
    ['{\n  "bars": [\n    {"chords": "Am"},\n  ]\n}', /^The chart is no JSON \([^\n]+\); mend it/],
    ['[{"chords": "Am"}]', /^The chart is a list; write it as \{"bars": \[...\]\}\.$/],
    ['{"bars": [{"leader": "Drums"}]}', /Drums cannot lead; take an instrument/],
    ['{"bars": [{"section": "a\\nb"}]}', /"section" must be a short name on one line/],
    ['{"bars": []}', /"bars" of the chart must be a list of 1 to 4096/],
    ['{"bars": [{"tempo": 3}]}', /Bar 1 of the chart, on line 1: there is no field "tempo"/],
    ['{"bars": [3]}', /Bar 1 of the chart: it must be fields/],
    [
      '{\n"style": "jazz",\n"bars": [\n{"section": "A [\\"},\\" {"},\n{}, {\n"energy": 9}]}',
      /Bar 3 of the chart, on line 5: "energy" must be/,
    ],
    ['{"bars": [{"density": 9}]}', /"density" must be a whole number from 0 to 7/],
    ['{"bars": [{"chords": ["Am"]}]}', /"chords" must be a chord, or two/],
    ['{"bars": [{"begins": true}]}', /"begins" is true where a "section" begins that the bar/],
    ['{"bars": [{"plays": ["Piano"], "rests": ["Piano"]}]}', /Piano plays and rests/],
    ['{"bars": [{}], "style": "polka"}', /There is no style "polka"; choose one of rock/],
    ['{"bars": [{}], "key": "C"}', /has a field "key"/],
  ])("is refused in a sentence: %s", (text, sentence) => {
    expect(() => parseChart(text)).toThrow(sentence);
  });
});

describe("of a piece", () => {
  it("styles are known by name", () => {
    expect(parseStyle("Jazz")).toBe(STYLES.indexOf("jazz"));
  });

  it("each A of AABA has a marker of its own", () => {
    const ordered = new OrderedChart({
      arranged: { seed: 5, lead: 3, drums: true, form: "aaba", bars: 38 },
    });
    const bars = Array.from({ length: 38 }, (_, index) => ordered.bar(index));
    const texts = chartTexts(bars, ordered.metres, (bar) => ordered.beginsAt(bar));
    expect(texts.filter(({ kind }) => kind === "marker").map(({ text }) => text)).toEqual([
      ...["intro", "A", "A", "B", "A", "ending"],
    ]);
  });

  it("sections are markers and chords text in the MIDI file, which stays the same music", () => {
    const { bars } = parseChart("[A] | Am | Am F |\n[B] | F | C |");
    const texts = chartTexts(bars, new MetreMap());
    expect(texts).toEqual([
      { kind: "marker", step: 0, text: "A" },
      { kind: "text", step: 0, text: "Am" },
      { kind: "text", step: 48, text: "F" },
      { kind: "marker", step: 64, text: "B" },
      { kind: "text", step: 96, text: "C" },
    ]);
    const notes = [{ instrument: 0 as const, pitch: 60, onset: 40, duration: 8, velocity: 67 }];
    const bytes = writeMidi(notes, { texts });
    expect(arrange(readMidi(bytes)).notes).toEqual(arrange(readMidi(writeMidi(notes))).notes);
    // FF 06 and FF 01 with their words.
    const written = String.fromCharCode(...bytes);
    expect(written).toContain("\xff\x06\x01B");
    expect(written).toContain("\xff\x01\x02Am");
  });
});
