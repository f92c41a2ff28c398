/**
 * A human plays along on the computer's keys, whose instrument is theirs alone: chords of two bars each and a tune above.
 * No note of that instrument may come from the model, and the band is to play in the human's chords.
 */
import type { Page } from "playwright";
import { noteKey } from "#engine/compose/played-notes.ts";
import type { Session } from "#engine/jam/session.ts";
import { parseChord } from "#music/chart/chord-names.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { chordTones } from "#music/rules/chart-rules.ts";
import { STEPS_PER_QUARTER, secondsPerStep } from "#music/units.ts";
import { type Measured, shareOf } from "./figures.ts";
import { heardBetween } from "./typed-chords.ts";

/** Chords, the keys that they are on, and a tune of other keys above them. */
const PHRASE = [
  { name: "C", keys: ["KeyA", "KeyD", "KeyG"], tune: ["KeyK", "Semicolon", "KeyK"] },
  { name: "Am", keys: ["KeyA", "KeyD", "KeyH"], tune: ["KeyK", "Semicolon", "KeyK"] },
  { name: "F", keys: ["KeyA", "KeyF", "KeyH"], tune: ["KeyK", "KeyK", "KeyK"] },
  { name: "G", keys: ["KeyS", "KeyG", "KeyJ"], tune: ["KeyL", "KeyL", "KeyL"] },
] as const;

/** How often it is played, and quarters that a chord of it is held. */
const ROUNDS = 2;
const HELD = 8;

/** Who the human is, and who leads the band. */
const HAND = "Piano";
const HUMAN = INSTRUMENTS.indexOf(HAND);
const LEAD = INSTRUMENTS.indexOf("Violin");

/** Seconds past the horizon within which the band is to follow. */
const SPARE = 0.1;

export async function playedAlong(page: Page): Promise<Measured> {
  await page.evaluate(
    ([hand, lead]) => {
      const session = document.querySelector("cadenza-app")!.session!;
      session.setControls({ hand, lead, company: "accompany" });
    },
    [HAND, LEAD] as const,
  );
  await page.locator("h1").click();
  await page.waitForTimeout(5000);
  const begins = await page.evaluate(
    () => document.querySelector("cadenza-app")!.session!.timeline().step,
  );
  const counts = { all: 0, allFit: 0, onBeats: 0, onBeatsFit: 0 };
  for (const { name, keys, tune } of Array.from({ length: ROUNDS }, () => PHRASE).flat()) {
    const chord = parseChord(name);
    const { step, tempo, horizon } = await page.evaluate(() => {
      const session = document.querySelector("cadenza-app")!.session!;
      const { tempo, horizon } = session.state.controls;
      return { step: session.timeline().step, tempo, horizon };
    });
    const quarter = 1000 * STEPS_PER_QUARTER * secondsPerStep(tempo);
    for (const key of keys) await page.keyboard.down(key);
    for (const key of tune) {
      await page.waitForTimeout(quarter / 2);
      await page.keyboard.down(key);
      await page.waitForTimeout(quarter / 2);
      await page.keyboard.up(key);
    }
    const follows = step + STEPS_PER_QUARTER * horizon + SPARE / secondsPerStep(tempo);
    const band = await heardBetween(page, follows, step + HELD * STEPS_PER_QUARTER);
    for (const key of keys) await page.keyboard.up(key);
    if (chord === "none") continue;
    for (const { instrument, pitch, onset } of band) {
      if (instrument === DRUMS || instrument === HUMAN) continue;
      const fits = chordTones(chord).includes(pitch % 12) ? 1 : 0;
      counts.all++;
      counts.allFit += fits;
      if (onset % STEPS_PER_QUARTER > 0) continue;
      counts.onBeats++;
      counts.onBeatsFit += fits;
    }
  }
  const { heard, played, ahead } = await page.evaluate(() => {
    const session = document.querySelector("cadenza-app")!.session!;
    const { notes, played } = (session as Session).heardSoFar;
    return { heard: notes, played: played(), ahead: session.state.ahead };
  });
  const byHand = new Set(played.map(noteKey));
  const foreign = heard.filter(
    (note) => note.instrument === HUMAN && note.onset >= begins && !byHand.has(noteKey(note)),
  ).length;
  const own = played.filter(({ onset }) => onset >= begins).length;
  const [beats, all] = [
    shareOf(counts.onBeatsFit, counts.onBeats),
    shareOf(counts.allFit, counts.all),
  ];
  return {
    line:
      `a human's ${own} notes in ${ROUNDS * PHRASE.length} chords: ${foreign} notes of their instrument by the model (bar: 0); past the ` +
      `horizon and ${1000 * SPARE} ms ${beats} of the band's ${counts.onBeats} notes on beats in their chord, ${all} of all ${counts.all}; ${ahead.toFixed(1)} s ahead`,
    json: { ofHuman: own, ofModel: foreign, ...counts, onBeatsShare: beats, allShare: all, ahead },
  };
}
