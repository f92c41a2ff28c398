/**
 * Control to sound: the lead plays alone and densely, high up, and its register goes down. Its low notes are told in what is
 * recorded by what lies below all of its high ones. The thump of a high key lies there, too: what counts is sound from the
 * first low note of the piece on, at which the recording is then looked at.
 */
import type { Page } from "playwright";
import { secondsPerStep } from "#music/units.ts";
import { spread } from "../decode/spread.ts";
import { type Measured, timesOf } from "./figures.ts";
import { firstAbove, lowPassed } from "./onsets.ts";
import { audioTime, recorded } from "./recorder.ts";

const CHANGES = 50;

/** Seconds past the horizon in which a change is to be heard. */
const GRACE = 0.1;

/** Pitches: C6 to B6, and C2 to B2. */
const HIGH = [84, 95] as const;
const LOW = [36, 47] as const;

/** Hertz below which low notes sound and high ones hardly do, and the amplitude that only low ones reach: .08 and .01 at most. */
const BORDER = 200;
const AUDIBLE = 0.02;

/** Seconds: a look at what is recorded, what the filter needs to settle, the longest wait for an effect. */
const LOOK = 1;
const SETTLING = 0.2;
const LONGEST = 30;

/** Seconds between an effect and the next change, at least and at most. */
const PAUSE = [0.5, 1.5] as const;

/** @param random numbers in [0, 1) */
export async function registerChanges(page: Page, random: () => number): Promise<Measured> {
  await page.evaluate(() => {
    const session = document.querySelector("cadenza-app")!.session!;
    session.setControls({ lead: 0, drums: false, density: 3 });
    for (const { instrument } of session.state.strips)
      session.setStrip(instrument, { enabled: instrument === 0 });
  });
  const waits: number[] = [];
  const ahead: number[] = [];
  let horizon = 0;
  let kept = 0;
  for (let change = 0; change < CHANGES; change++) {
    await move(page, HIGH);
    for (let quiet = 0; quiet < 2; )
      quiet = (await firstLow(page, await audioTime(page), LOOK)) === undefined ? quiet + 1 : 0;
    await page.waitForTimeout(1000 * (PAUSE[0] + random() * (PAUSE[1] - PAUSE[0])));
    const moved = await move(page, LOW);
    const struck = await firstLowNote(page, moved);
    const heard = struck === undefined ? undefined : await firstLow(page, struck, LONGEST);
    if (heard !== undefined) {
      waits.push(heard - moved.at);
      if (!(await strikesHigh(page, moved, heard))) kept++;
    }
    ahead.push(moved.ahead);
    horizon = moved.horizon;
  }
  await page.evaluate(() => {
    const session = document.querySelector("cadenza-app")!.session!;
    session.setControls({ drums: true, density: 0 });
    session.setStrip(0, { limits: {} });
    for (const { instrument } of session.state.strips)
      session.setStrip(instrument, { enabled: true });
  });
  const { p50, p95 } = timesOf(waits);
  const bar = Math.round(1000 * (horizon + GRACE));
  const median = spread(ahead).p50.toFixed(1);
  return {
    line:
      `control to sound, ${waits.length} of ${CHANGES} changes heard: p50 ${p50} ms, p95 ${p95} ms (bar: ${bar} ms, the horizon and 100; ` +
      `with it the wait for the next note), ${kept} times no high note past that; ${median} s ahead before`,
    json: { changes: CHANGES, heard: waits.length, p50, p95, bar, kept, waits },
  };
}

/** How things stand as a register moves. */
interface Moved {
  /** The audio time, and the step of the piece then. */
  readonly at: number;
  readonly step: number;
  /** The first step that is not committed. */
  readonly committed: number;
  readonly tempo: number;
  /** Seconds composed ahead, and of the horizon. */
  readonly ahead: number;
  readonly horizon: number;
}

/** Moves the lead's register. */
const move = (page: Page, register: readonly [number, number]): Promise<Moved> =>
  page.evaluate((limits) => {
    const session = document.querySelector("cadenza-app")!.session!;
    const { controls, ahead } = session.state;
    const { tempo } = controls;
    const at = globalThis.recorder!.context.currentTime;
    const { step, committedStep: committed } = session.timeline();
    session.setStrip(0, { limits: { register: limits } });
    return { at, step, committed, tempo, ahead, horizon: (60 / tempo) * controls.horizon };
  }, register);

/** The audio time at which the first low note is due that was not committed at the move; undefined where none comes. */
async function firstLowNote(page: Page, { at, step, committed, tempo }: Moved) {
  const onset = await page.evaluate(
    async ([from, highest, seconds]) => {
      const session = document.querySelector("cadenza-app")!.session!;
      for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) {
        const low = session.notes.find((note) => note.onset >= from && note.pitch <= highest);
        // What is heard already is not taken back.
        if (low !== undefined && low.onset <= session.timeline().step) return low.onset;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return undefined;
    },
    [committed, LOW[1], LONGEST] as const,
  );
  return onset === undefined ? undefined : at + (onset - step) * secondsPerStep(tempo);
}

/** Whether a high note is struck once the change is to be heard, until it is: the promise broken, whenever the next note was due. */
const strikesHigh = (page: Page, { at, step, tempo, horizon }: Moved, heard: number) =>
  page.evaluate(
    ([from, to, lowest]) =>
      document
        .querySelector("cadenza-app")!
        .session!.notes.some(({ onset, pitch }) => onset > from && onset < to && pitch >= lowest),
    [
      step + (horizon + GRACE) / secondsPerStep(tempo),
      step + (heard - at) / secondsPerStep(tempo),
      HIGH[0],
    ] as const,
  );

/** The audio time at which a low note is heard first, at `from` or later; undefined where none is for so many seconds. */
async function firstLow(page: Page, from: number, most: number): Promise<number | undefined> {
  for (let at = from; at < from + most; at += LOOK) {
    const sound = lowPassed(await recorded(page, at - SETTLING, at + LOOK), BORDER);
    const first = firstAbove(sound, AUDIBLE, at);
    if (first !== undefined) return first;
  }
  return undefined;
}
