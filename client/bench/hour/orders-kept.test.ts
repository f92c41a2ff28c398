/** Hands at random on a model that is none: whatever they do, what is heard obeys the rules in force. */
import { expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { composingJam } from "#engine/testing/composing-jam.ts";
import { withText } from "#music/chart/player-chart.ts";
import { Hands } from "./hands.ts";
import { obedienceOf } from "./orders-kept.ts";

/** Seconds of music, and of a tick. */
const PLAYED = 60;
const TICK = 0.03;

it.each([1, 2])("hears who plays, key and chords on the beats, seed %i", async (seed) => {
  const { session, source, run, dispose } = composingJam();
  await session.play();
  await run(4);
  // Sections that bear the names of the form's, of other lengths.
  session.setControls({ style: "pop" });
  await run(4);
  session.charting.write((chart) => withText(chart, "[verse] C Am [chorus] F/G C", undefined));
  await run(8);
  const hands = new Hands(session, seed);
  for (let now = 0; now < PLAYED; now += TICK) {
    hands.tick(seconds(now));
    await run(TICK);
  }
  const { orders } = source.record;
  const { judged, notesOfThoseWhoRest, inKey, onBeatsInChord } = obedienceOf(session, orders);
  dispose();
  expect(hands.moves).toBeGreaterThan(8);
  expect(judged).toBeGreaterThan(8);
  expect(notesOfThoseWhoRest).toBe(0);
  expect([1, undefined]).toContain(inKey);
  expect(onBeatsInChord).toBe(1);
});
