import { describe, expect, it, vi } from "vitest";
import { STRAIGHT } from "#music/groove.ts";
import { GrooveMap } from "#music/groove-map.ts";
import type { Note } from "#music/note.ts";
import { framesRunning } from "../frames.ts";
import { bandNotes } from "../testing/band.ts";
import { rgb } from "../testing/contrast.ts";
import { FakeSession, READY } from "../testing/fake-session.ts";
import { frame, mount } from "../testing/mount.ts";
import { COLOURS, INSTRUMENT_COLOURS } from "../theme.ts";
import "./cadenza-roll.ts";

const BOX = "width: 1000px; height: 500px";
const VIOLIN = 3;
const note = (onset: number, duration = 16, pitch = 72, instrument = VIOLIN) => ({
  instrument,
  pitch,
  velocity: 90,
  onset,
  duration,
});

async function rollOf(session: FakeSession) {
  const { element, find, rendered } = await mount("cadenza-roll", { session }, BOX);
  await frame();
  const canvas = find<HTMLCanvasElement>("canvas");
  /** The colour at a place in CSS pixels, channels 0-1. */
  const pixel = (x: number, y: number): number[] => {
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const context = canvas.getContext("2d")!;
    const { data } = context.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1);
    return [...data.slice(0, 3)].map((value) => value / 255);
  };
  return { element, canvas, pixel, rendered };
}

const distance = (one: readonly number[], other: readonly number[]): number =>
  Math.hypot(...one.map((value, channel) => value - other[channel]));

/** One note in each state: past, sounding, committed, planned, all a bar and a half apart. */
function oneOfEach(): FakeSession {
  const session = new FakeSession();
  session.notes = [note(0), note(56), note(104), note(152)];
  session.place = { step: 60, committedStep: 120, plannedStep: 170 };
  return session;
}

describe("cadenza-roll", () => {
  it("draws past dimmed, committed in full colour, planned as an outline", async () => {
    const { element, pixel } = await rollOf(oneOfEach());
    const view = element.view!;
    const y = view.yOf(72);
    // Off the beat lines, which show through what is dimmed.
    const [past, committed, planned] = [10, 114, 162].map((step) => pixel(view.xOf(step), y));
    const own = rgb(INSTRUMENT_COLOURS[VIOLIN]);
    const empty = rgb(COLOURS.surface);
    expect(distance(committed, own)).toBeLessThan(0.02);
    expect(distance(past, own)).toBeGreaterThan(0.3);
    expect(distance(past, empty)).toBeGreaterThan(0.2);
    expect(distance(planned, empty)).toBeLessThan(0.2);
    expect(distance(planned, past)).toBeGreaterThan(0.15);
    // An outline: its edge is far brighter than its inside.
    const edge = pixel(view.xOf(162), y - view.noteHeight / 2);
    expect(distance(edge, empty)).toBeGreaterThan(2 * distance(planned, empty));
  });

  it("stands notes where they sound: the second of a pair late by its swing, as it was heard", async () => {
    const session = new FakeSession();
    // On the second eighth of a beat, and on the beat after it; then in a straight beat.
    session.notes = [note(36, 4), note(40, 2), note(100, 4)];
    session.place = { step: 30, committedStep: 120, plannedStep: 170 };
    const swing = { swing: 0.75, pair: 8, human: 0, seed: 0 };
    session.grooves = new GrooveMap([
      { ...swing, step: 0 },
      { ...STRAIGHT, step: 90 },
    ]);
    const { element, pixel, rendered } = await rollOf(session);
    const view = element.view!;
    const own = rgb(INSTRUMENT_COLOURS[VIOLIN]);
    const away = (step: number) => distance(pixel(view.xOf(step), view.yOf(72)), own);
    expect(away(37)).toBeGreaterThan(0.3);
    expect(away(38.9)).toBeLessThan(0.05);
    expect(away(41)).toBeLessThan(0.05);
    expect(away(101)).toBeLessThan(0.05);
    session.grooves = new GrooveMap();
    session.set({});
    await rendered();
    expect(away(37)).toBeLessThan(0.05);
  });

  it("draws ways to go on as outlines where they would be heard, late ones too, and the one pointed at brightest", async () => {
    const session = oneOfEach();
    const ways = [note(160, 16, 72), note(160, 16, 60)].map((each) => [each]);
    session.set({ futures: { from: 160, steps: 64, notes: [...ways, undefined] } });
    const { element, pixel, rendered } = await rollOf(session);
    const view = () => element.view!;
    const empty = rgb(COLOURS.surface);
    /** How far the upper edge of a way's note stands out where it would begin, its bar line aside. */
    const edge = (step: number, pitch: number) => {
      const y = view().yOf(pitch) - view().noteHeight / 2;
      const near = [-1, 0, 1].flatMap((dy) =>
        [6, 7, 8, 9].map((at) => distance(pixel(view().xOf(step + at), y + dy), empty)),
      );
      return Math.max(...near);
    };
    const shown = async (ghost: number | undefined) => {
      element.ghost = ghost;
      await rendered();
      await frame();
      return [edge(160, 72), edge(160, 60)];
    };
    const alike = await shown(undefined);
    for (const each of alike) expect(each).toBeGreaterThan(0.15);
    const [first, second] = await shown(1);
    expect(second).toBeGreaterThan(alike[1] + 0.2);
    expect(first).toBeLessThan(alike[0]);
    // Their bar line is over: they would come with the next.
    session.place = { step: 140, committedStep: 170, plannedStep: 200 };
    session.set({ ahead: 3 });
    expect((await shown(1))[1]).toBeLessThan(0.2);
    expect(edge(192, 60)).toBeGreaterThan(0.4);
  });

  it("marks the bar line at which comes what was called, until it is there", async () => {
    const session = oneOfEach();
    session.set({ comingStep: 192 });
    const { element, pixel, rendered } = await rollOf(session);
    const accent = rgb(COLOURS.accent);
    const away = () => distance(pixel(element.view!.xOf(192) + 0.5, element.view!.yOf(64)), accent);
    expect(away()).toBeLessThan(0.1);
    session.set({ comingStep: undefined });
    await rendered();
    await frame();
    expect(away()).toBeGreaterThan(0.3);
  });

  it("stands the playhead where the music is", async () => {
    const session = oneOfEach();
    const { element, pixel, rendered } = await rollOf(session);
    const red = rgb(COLOURS.playhead);
    expect(distance(pixel(Math.round(element.view!.xOf(60)), 100), red)).toBeLessThan(0.05);
    expect(distance(pixel(element.view!.xOf(60) + 6, 100), red)).toBeGreaterThan(0.5);
    session.place = { step: 64, committedStep: 120, plannedStep: 170 };
    session.set({});
    await rendered();
    expect(distance(pixel(Math.round(element.view!.xOf(64)), 100), red)).toBeLessThan(0.05);
  });

  it("puts drums in their lane and melodies above it", async () => {
    const session = new FakeSession();
    session.notes = [note(16, 2, 36, 9)];
    const { element, pixel } = await rollOf(session);
    const view = element.view!;
    const x = view.xOf(16) + 4;
    const y = view.drumYOf(36);
    expect(y).toBeGreaterThan(view.drumTop);
    expect(distance(pixel(x, y), rgb(COLOURS.surface))).toBeGreaterThan(0.03);
    expect(distance(pixel(x, view.drumYOf(49)), rgb(COLOURS.surface))).toBeLessThan(0.03);
  });

  it("draws what is muted, or outside the spotlight, faint", async () => {
    const session = oneOfEach();
    const { element, pixel, rendered } = await rollOf(session);
    const bright = () => distance(pixel(element.view!.xOf(112), element.view!.yOf(72)), [0, 0, 0]);
    const full = bright();
    session.setStrip(VIOLIN, { muted: true });
    await rendered();
    expect(bright()).toBeLessThan(full * 0.6);
    session.setStrip(VIOLIN, { muted: false });
    await rendered();
    expect(bright()).toBeCloseTo(full, 2);
    element.spotlight = 0;
    await rendered();
    expect(bright()).toBeLessThan(full * 0.6);
  });

  it("runs frames only while it plays and is on show", async () => {
    const session = oneOfEach();
    const { element, rendered } = await rollOf(session);
    expect(framesRunning()).toBe(false);
    session.set({ phase: "playing" });
    await rendered();
    expect(framesRunning()).toBe(true);
    session.place = { step: 64, committedStep: 120, plannedStep: 170 };
    const before = element.view;
    await frame();
    await frame();
    expect(element.view).not.toBe(before);
    element.active = false;
    await rendered();
    expect(framesRunning()).toBe(false);
    element.active = true;
    await rendered();
    expect(framesRunning()).toBe(true);
    element.remove();
    await frame();
    expect(framesRunning()).toBe(false);
  });

  it("is as sharp as the screen and follows its box", async () => {
    const { element, canvas } = await rollOf(oneOfEach());
    expect(canvas.width).toBe(Math.round(element.clientWidth * devicePixelRatio));
    element.style.width = "600px";
    await frame();
    await frame();
    expect(element.view!.width).toBe(element.clientWidth);
    expect(canvas.width).toBe(Math.round(element.clientWidth * devicePixelRatio));
  });

  it("says in words which bar it is and what sounds", async () => {
    const session = oneOfEach();
    const { canvas } = await rollOf(session);
    expect(canvas.getAttribute("aria-label")).toBe("Piano roll, bar 2, sounding: Violin");
  });

  it("stops listening when it leaves the page", async () => {
    const session = oneOfEach();
    const { element } = await rollOf(session);
    element.remove();
    const view = element.view;
    session.set({ ...READY, ahead: 1 });
    await frame();
    expect(element.view).toBe(view);
  });

  it("paints 2,000 notes in one stroke a look, and reads only those in view", async () => {
    const session = new FakeSession();
    session.place = { step: 400, committedStep: 420, plannedStep: 1900 };
    const { element, canvas } = await rollOf(session);
    const context = canvas.getContext("2d")!;
    const painted = [vi.spyOn(context, "fill"), vi.spyOn(context, "stroke")];
    const shaped = [vi.spyOn(Path2D.prototype, "roundRect"), vi.spyOn(Path2D.prototype, "arc")];
    const calls = (spies: typeof painted | typeof shaped) => {
      const sum = spies.reduce((count, spy) => count + spy.mock.calls.length, 0);
      for (const spy of spies) spy.mockClear();
      return sum;
    };
    const paint = async (notes: Note[]) => {
      session.notes = notes;
      calls(painted);
      calls(shaped);
      session.set({});
      await element.updateComplete;
      return { painted: calls(painted), shaped: calls(shaped) };
    };
    const band = bandNotes(70).slice(0, 2000);
    expect(band.length).toBe(2000);
    const { firstStep, lastStep } = element.view!;
    const inView = band.filter(
      ({ onset, duration }) => onset <= lastStep && onset + duration >= firstStep,
    );
    const few = await paint(inView);
    const all = await paint(band);
    vi.restoreAllMocks();
    expect(all).toEqual(few);
    expect(all.shaped).toBe(inView.length);
    // Four states of twelve instruments, filled and outlined, and the grid.
    expect(all.painted).toBeLessThan(2 * 4 * 12 + 30);
  });
});
