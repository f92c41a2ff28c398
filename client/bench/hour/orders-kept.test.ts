/** Hands at random on a model that is none: whatever they do, what is heard obeys the rules in force, and the past is as it was. */
import { expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { Composer } from "#engine/compose/composer.ts";
import { noteKey } from "#engine/compose/played-notes.ts";
import { replay } from "#engine/journal/replay.ts";
import { composingJam } from "#engine/testing/composing-jam.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { withText } from "#music/chart/player-chart.ts";
import type { Note } from "#music/note.ts";
import { tokenize } from "#music/tokens/tokenizer.ts";
import { Hands } from "./hands.ts";
import { obedienceOf } from "./orders-kept.ts";

/** Seconds of music, and of a tick. */
const PLAYED = 60;
const TICK = 0.03;

/** Ticks from one look at what is committed to the next. */
const LOOKS = 10;

it.each([1, 2])("keeps past and rules, and replays, whatever hands do, seed %i", async (seed) => {
  const { session, composer, source, run, dispose } = composingJam();
  await session.play();
  await run(4);
  // Sections that bear the names of the form's, of other lengths.
  session.setControls({ style: "pop" });
  await run(4);
  session.charting.write((chart) => withText(chart, "[verse] C Am [chorus] F/G C", undefined));
  await run(8);
  const hands = new Hands(session, seed);
  let committed: Note[] = [];
  for (let tick = 0; tick < PLAYED / TICK; tick++) {
    hands.tick(seconds(tick * TICK));
    await run(TICK);
    if (tick % LOOKS > 0) continue;
    const byHand = new Set(session.heardSoFar.played().map(noteKey));
    const band = session.notes.filter((note) => !byHand.has(noteKey(note)));
    const shown = new Set(band.map((note) => JSON.stringify(note)));
    const first = band[0]?.onset ?? 0;
    const isMissing = (note: Note) =>
      note.onset > first && !byHand.has(noteKey(note)) && !shown.has(JSON.stringify(note));
    expect(committed.filter(isMissing)).toEqual([]);
    const { committedStep } = session.timeline();
    committed = band.filter(({ onset }) => onset < committedStep);
  }
  await run(2);
  const { orders } = source.record;
  const { judged, notesOfThoseWhoRest, inKey, onBeatsInChord } = obedienceOf(session, orders);
  dispose();
  await run(0.1);
  expect(hands.moves).toBeGreaterThan(8);
  expect(judged).toBeGreaterThan(8);
  expect(notesOfThoseWhoRest).toBe(0);
  expect([1, undefined]).toContain(inKey);
  expect(onBeatsInChord).toBe(1);
  const { lead, drums } = orders[orders.length - 1].settings.constraint;
  const { notes, tokens } = composer;
  expect(tokens).toEqual(tokenize({ lead, drums, notes }).tokens);
  const again = new Composer(new FakeDecoder({ conditioned: true }));
  await replay(again, source.record);
  expect(tokens.slice(0, again.tokens.length)).toEqual(again.tokens);
  expect(again.tokens.length).toBeGreaterThan(tokens.length - 30);
});
