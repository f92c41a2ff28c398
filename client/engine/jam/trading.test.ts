/** Trading bars: the lead rests in the human's, answers in its own, and nothing of the human's instrument comes from the model. */
import { describe, expect, it } from "vitest";
import { Composer } from "#engine/compose/composer.ts";
import { drawnAlike } from "#engine/compose/composition.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { DRUMS } from "#music/instrument.ts";
import { isHumansBar, turnBars } from "./trading.ts";

const LEAD = 7;

async function composed(hand: number, band: readonly number[], drums: boolean) {
  const composer = new Composer(new FakeDecoder({ conditioned: true }));
  composer.begin({
    constraint: { lead: LEAD, drums, band },
    sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
    seed: 3,
    chart: {
      written: turnBars(0, {
        ...{ lead: LEAD, hand, rhythm: drums ? [DRUMS] : [0] },
        isHumans: (bar) => isHumansBar(bar, 2),
      }),
      arranged: { seed: 3, lead: LEAD, drums, band: [...band] },
    },
  });
  while (composer.onset < 8 * 32) await composer.next();
  return composer.notes.map(({ onset, instrument }) => ({
    bar: Math.floor(onset / 32),
    instrument,
  }));
}

describe("trading", () => {
  it.each([
    ["with the lead's instrument, over a band", LEAD, [0, 2, LEAD], true],
    ["with another, over a band", 3, [0, 2, 3, LEAD], true],
    ["with the lead's instrument over drums", LEAD, [LEAD], true],
    ["without drums", LEAD, [0, LEAD], false],
  ] as const)("%s leaves the human's bars to the human", async (_, hand, band, drums) => {
    const notes = await composed(hand, band, drums);
    const leadIn = (human: boolean) =>
      notes.filter(({ bar, instrument }) => instrument === LEAD && isHumansBar(bar, 2) === human);
    expect(leadIn(true)).toEqual([]);
    const answers = new Set(leadIn(false).map(({ bar }) => Math.floor(bar / 2)));
    expect([answers.has(0), answers.has(2)]).toEqual([true, true]);
    if (hand !== LEAD) expect(notes.some(({ instrument }) => instrument === hand)).toBe(false);
  });
});

describe("a session that trades fours", () => {
  /** One that plays the violin, which leads nothing. */
  async function trading() {
    const jam = await playingJam(2, { hand: "Violin", company: "trade4" });
    const { begun, retakes } = jam.source;
    return { ...jam, newest: () => retakes.at(-1)?.settings ?? begun[begun.length - 1] };
  }

  it("writes who plays by the piece's bars, the band first, and shows it in the chart", async () => {
    const { newest, session } = await trading();
    const { written = {} } = newest().chart ?? {};
    for (const bar of [1, 3, 8, 11]) expect(written[bar]?.players?.[0]).toBe(true);
    for (const bar of [4, 7, 12]) expect(written[bar]?.players?.[0]).toBe(false);
    for (const bar of [1, 4, 8]) expect(written[bar]?.players?.[3]).toBe(false);
    expect(session.charting.ordered.bar(5)?.players[0]).toBe(false);
    session.undo();
    expect(session.performance.controls.company).toBe("accompany");
  });

  it("goes on trading for as long as music plays, and hears the human's chord in it", async () => {
    const { newest, session, run } = await trading();
    run(80);
    const bar = session.metres.barAt(session.timeline().plannedStep).index;
    expect(bar).toBeGreaterThan(36);
    for (let at = bar; at < bar + 8; at++)
      expect(newest().chart?.written?.[at]?.players?.[0]).toBe(!isHumansBar(at, 4));
    for (const pitch of [62, 65, 69]) session.keys.press({ instrument: 3, pitch, velocity: 100 });
    run(0.6);
    const heard = Object.values(newest().chart?.written ?? {}).filter(({ chords }) => chords);
    expect(heard.length).toBeGreaterThan(0);
    for (const { players } of heard) expect(players?.[3]).toBe(false);
    expect(newest().chart?.written?.[isHumansBar(bar, 4) ? bar : bar + 4]?.players?.[DRUMS]).toBe(
      true,
    );
  });
});
