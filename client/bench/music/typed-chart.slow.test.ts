/**
 * A progression typed into a jam that plays, with the shipped model: from the next bar on what begins on strong beats is in
 * its chords. The clock stands while little lies ahead, so that it is no matter how fast the machine is.
 */
import { describe, expect, it } from "vitest";
import { milliseconds, seconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { openModel } from "#engine/compose/open-model.ts";
import { Session } from "#engine/jam/session.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import { withText } from "#music/chart/player-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { chordTones } from "#music/rules/chart-rules.ts";
import { folderSource } from "../../../server/folder-source.ts";
import { SHIPPED_MODEL } from "../shipped-model.ts";
import { chordShare } from "./chord-share.ts";

/** Bars that are listened to. */
const BARS = 20;

/** Steps that must lie ahead before the clock goes on, and looks at the clock after which it hangs. */
const AHEAD = 40;
const MOST_LOOKS = 20_000;

async function realJam() {
  const { decoder, manifest } = await openModel(folderSource(SHIPPED_MODEL));
  let now = seconds(100);
  let looks = 0;
  const source = new LocalComposition(new Composer(decoder, manifest.tokenization), () =>
    milliseconds(3 * looks++),
  );
  const session = new Session({
    ...{ source, player: new RecordingPlayer(), level: () => 0 },
    unlock: async () => undefined,
    clock: () => now,
    steadyClock: () => now,
    controls: { ...fakeJam().session.state.controls, temperature: 1, topP: 0.96, seed: 11 },
  });
  const until = async (reached: () => boolean) => {
    for (let look = 0; !reached(); look++) {
      expect(look).toBeLessThan(MOST_LOOKS);
      session.tick(now);
      await yieldToEvents();
      const { step, plannedStep } = session.timeline();
      if (plannedStep - step > AHEAD || session.state.phase !== "playing")
        now = seconds(now + 0.03);
    }
  };
  session.modelLoaded({ id: manifest.id, parameters: 0, reasons: [] }, decoder.backend);
  await until(() => session.state.ahead > 3);
  await session.play();
  const dispose = () => {
    source.dispose();
    decoder.dispose();
  };
  return { session, until, dispose };
}

describe("a progression typed while it plays", () => {
  it("is kept on strong beats from the next bar on, in a loop", async () => {
    const { session, until, dispose } = await realJam();
    const barNow = () => session.metres.barAt(session.timeline().step).index;
    await until(() => barNow() === 4);
    session.charting.write((chart) => withText(chart, "Am F C G", undefined));
    const isTyped = (bar: number) => session.charting.ordered.laidAt(bar).written !== undefined;
    await until(() => isTyped(100));
    let first = barNow();
    while (!isTyped(first)) first++;
    expect(first - barNow()).toBeLessThan(4);
    const end = first + BARS;
    await until(() => barNow() === end);
    const bars = Array.from({ length: end }, (_, bar) => session.charting.ordered.bar(bar));
    const notes = session.heardSoFar.notes.filter(
      ({ onset, instrument }) => onset >= 32 * first && onset < 32 * end && instrument !== DRUMS,
    );
    const strong = notes.filter(({ onset }) => onset % 16 === 0);
    const fitting = strong.filter(({ onset, pitch }) => {
      const { bar, half } = session.metres.halfAt(onset);
      const chord = bars[bar.index].chords[half];
      return typeof chord === "object" && chordTones(chord).includes(pitch % 12);
    });
    const sounding = chordShare(notes, session.metres, bars);
    console.info(JSON.stringify({ notes: notes.length, strong: strong.length, sounding }));
    expect(strong.length).toBeGreaterThan(BARS / 2);
    expect(fitting.length / strong.length).toBeGreaterThan(0.95);
    dispose();
  });
});
