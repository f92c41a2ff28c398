/** Chords typed into the chart's field while music plays: from the first bar line past the horizon on, what sounds on strong beats is in them. */
import type { Page } from "playwright";
import { parseChord } from "#music/chart/chord-names.ts";
import { DRUMS } from "#music/instrument.ts";
import { MetreMap, type MetrePoint } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { chordTones } from "#music/rules/chart-rules.ts";
import { type Measured, shareOf } from "./figures.ts";

const CHORDS = "Am F C G Dm Bb Eb Cm Fm Ab Db Gb B E A D Em Bm G7 C#m".split(" ");

export async function typedChords(page: Page): Promise<Measured> {
  const field = page.getByRole("textbox", { name: "Progression" });
  let [strong, fits, begun, begunFit] = [0, 0, 0, 0];
  for (const text of CHORDS) {
    await field.fill(text);
    await field.press("Enter");
    const { committed, metres } = await page.evaluate(() => {
      const session = document.querySelector("cadenza-app")!.session!;
      const { committedStep } = session.timeline();
      return { committed: committedStep, metres: session.metres.points as MetrePoint[] };
    });
    const map = new MetreMap(metres);
    const { start, steps } = map.barFrom(Math.ceil(committed));
    const notes = await heardBetween(page, start, start + steps);
    const chord = parseChord(text);
    if (chord === "none") continue;
    const isTone = ({ pitch }: Note) => chordTones(chord).includes(pitch % 12);
    for (const half of [start, map.halfAt(start).end]) {
      const sounding = notes.filter(
        ({ onset, duration, instrument }) =>
          instrument !== DRUMS && onset <= half && onset + duration > half,
      );
      const struck = sounding.filter(({ onset }) => onset === half);
      strong += sounding.length;
      fits += sounding.filter(isTone).length;
      begun += struck.length;
      begunFit += struck.filter(isTone).length;
    }
  }
  await field.fill("");
  await field.press("Enter");
  const [share, shareBegun] = [shareOf(fits, strong), shareOf(begunFit, begun)];
  return {
    line:
      `${CHORDS.length} chords typed: ${share} of ${strong} notes on strong beats in the new chord from the first bar past ` +
      `the horizon on, ${shareBegun} of those that begin there (bar: .9)`,
    json: { chords: CHORDS.length, notes: strong, share, begun, shareBegun },
  };
}

/** What is heard of the band that begins in [from, until), once that has passed. */
export async function heardBetween(page: Page, from: number, until: number): Promise<Note[]> {
  await page.waitForFunction(
    (end) => document.querySelector("cadenza-app")!.session!.timeline().step >= end,
    until,
    { polling: 50, timeout: 60_000 },
  );
  return await page.evaluate(
    ([first, end]) =>
      document
        .querySelector("cadenza-app")!
        .session!.notes.filter(({ onset }) => onset >= first && onset < end),
    [from, until],
  );
}
