import { describe, expect, it } from "vitest";
import { writeChart } from "#music/chart/chart-file.ts";
import { MOST_MARKS } from "#music/chart/player-chart.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { canonicalNotes } from "#music/piece.ts";
import { USUAL_CHOICES } from "../compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "../compose/controls.ts";
import { type Layer, MOST_LAYERS } from "./course.ts";
import { keptPerformance, storedPerformance } from "./kept-performance.ts";
import { firstPerformance, withControls, withStrip } from "./performance.ts";
import { midiRoute } from "./route.ts";

const FIRST = firstPerformance({
  ...usualValues(JAM_CONTROLS),
  ...USUAL_CHOICES,
  seed: 9,
  lead: 0,
  drums: true,
  metre: COMMON_TIME,
  key: undefined,
});

const ROUTE = midiRoute(2, "Digitakt", {
  ...{ channel: 5, voiceToo: true, program: undefined, bank: 300, transposition: -12 },
  ...{ velocityCurve: "softer", lowest: 20, highest: 90, mixing: "velocity" },
  ...{ machine: "Digitakt", drumKeys: { 36: 0, 38: 1 } },
});

const reloaded = (value: unknown) => keptPerformance(JSON.parse(JSON.stringify(value)), FIRST);

describe("keptPerformance", () => {
  it("gives back tempo, key, metre, strips and routes, with another seed", () => {
    const set = withStrip(
      withStrip(
        withControls(FIRST, {
          tempo: 96.5,
          seed: 4,
          lead: 3,
          drums: false,
          key: { tonic: 2, scale: "dorian" },
          metre: { numerator: 3, denominator: 4 },
          grid: "1/8",
          chordLock: "strict",
          style: "jazz",
          pitchWarmth: 1.2,
          energy: -2,
        }),
        2,
        { muted: true, level: 0.3, pan: -0.4, route: ROUTE },
      ),
      7,
      {
        enabled: false,
        soloed: true,
        limits: { register: [40, 52], polyphony: 1, density: 8 },
        ...{ pitches: "upper", velocities: "lower" },
      },
    );
    expect(reloaded(set)).toEqual(withControls(set, { seed: 9 }));
  });

  it.each([[null], ["text"], [{}], [{ controls: 3, strips: [] }], [{ controls: {}, strips: "x" }]])(
    "takes nothing of %j",
    (value) => expect(reloaded(value)).toBeUndefined(),
  );

  it("leaves as it was what is out of its limits or of another kind", () => {
    const controls = {
      tempo: "fast",
      lead: 9,
      drums: 1,
      key: { tonic: 99, scale: "no" },
      metre: 7,
      grid: "1/3",
      style: 4,
    };
    const strips = [
      { level: 7, pan: "left", route: { kind: "midi", port: "a", channel: 99 } },
      4,
      { limits: { register: [9], polyphony: 0 }, pitches: "most", velocities: "loud" },
    ];
    expect(reloaded({ controls, strips })).toEqual(FIRST);
    expect(reloaded({ controls: { tempo: 9000 }, strips })?.controls.tempo).toBe(300);
  });

  it("takes of a route what is understood, and the usual for the rest", () => {
    const kept = {
      kind: "midi",
      port: "Prophet",
      channel: 4,
      bank: -1,
      drumKeys: [1],
      lowest: "c",
    };
    expect(reloaded({ controls: {}, strips: [{ route: kept }] })?.strips[0].route).toEqual(
      midiRoute(0, "Prophet", { channel: 4, program: undefined }),
    );
  });

  it("takes what goes round, and nothing that was asked of one piece", () => {
    const note = { instrument: 3, pitch: 60, velocity: 90, onset: 4, duration: 8 };
    const layers = [
      { kind: "part" as const, steps: 64, notes: [note] },
      { kind: "recording" as const, steps: 32, notes: [note, { ...note, pitch: 64, onset: 20 }] },
    ];
    const passage = { steps: 32, notes: [note], after: 96 };
    const set = { ...FIRST, course: { turn: 4, layers, passage } };
    expect(reloaded(set)?.course).toEqual({ turn: 0, layers, passage: undefined });
  });

  it("takes marks and what goes round out of few letters, and any text for notes that is none", () => {
    const note = (index: number) => ({
      ...{ instrument: index % 12, pitch: index % 128, velocity: 1 + (index % 127) },
      ...{ onset: index % 900, duration: 1 + (index % 124) },
    });
    const all = canonicalNotes(Array.from({ length: 3000 }, (_, index) => note(index)));
    const notes = all.slice(0, 2048);
    const heard = { metre: COMMON_TIME, steps: 1024, notes: all };
    const bars = writeChart({ bars: [{}] });
    const marks = Array.from({ length: MOST_MARKS }, (_, at) => {
      return { name: `Mark ${at}`, tonic: undefined, chart: bars, heard };
    });
    const layer = { kind: "bars" as const, steps: 1024, notes };
    const layers = new Array<Layer>(MOST_LAYERS).fill(layer);
    const set = { ...FIRST, chart: { ...FIRST.chart, marks }, course: { ...FIRST.course, layers } };
    const stored = JSON.stringify(storedPerformance(set));
    const again = keptPerformance(JSON.parse(stored), FIRST);
    expect(again?.chart.marks).toEqual(
      marks.map((mark) => ({ ...mark, heard: { ...heard, notes } })),
    );
    expect(again?.course.layers).toEqual(layers);
    // Eight banks and what is played, all as full as can be, in what a browser gives a page.
    expect(9 * stored.length).toBeLessThan(5_000_000);
    for (const text of ["", "zzz", "?".repeat(90), "z".repeat(91)])
      expect(reloaded({ ...set, course: { layers: [{ ...layer, notes: text }] } })?.course).toEqual(
        FIRST.course,
      );
  });

  it.each([
    [{ layers: 3 }],
    [{ layers: [{ kind: "bars", steps: 0, notes: [] }, 7, null] }],
    [{ layers: [{ kind: "bars", steps: 32, notes: [{ instrument: 99, pitch: 1 }] }] }],
    [{ layers: [{ kind: "else", steps: 32, notes: [] }] }],
  ])("takes no layer of %j", (course) => {
    expect(reloaded({ ...FIRST, course })?.course.layers).toEqual([]);
  });
});
