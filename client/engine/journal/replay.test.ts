import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds, seconds } from "#base/brand.ts";
import { Random } from "#base/random.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { type CompositionSettings, drawnAlike, type Share } from "#engine/compose/composition.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { Retakes } from "#engine/jam/retakes.ts";
import { Plan } from "#engine/play/plan.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { RecordedSource } from "./recorded-source.ts";
import { replay } from "./replay.ts";

/** Of velocities. */
const PARTS: readonly Share[] = [
  [0.5, 1],
  [0, 0.5],
  [0, 1],
];

const settingsOf = (turn: number): CompositionSettings => ({
  constraint: {
    lead: [0, 3, 8][turn % 3],
    drums: turn % 2 === 1,
    ...(turn % 5 === 4 && { density: 24 }),
  },
  sampling: {
    ...drawnAlike({ temperature: 0.8 + (turn % 4) / 5, topP: 0.95 }),
    ...(turn % 7 > 3 && { velocities: INSTRUMENTS.map((_, at) => PARTS[(turn + at) % 3]) }),
  },
  seed: 77,
  ...(turn === 59 && { endsAt: 32 * 400 }),
  chart: { arranged: { seed: 77, lead: [0, 3, 8][turn % 3], drums: turn % 2 === 1 } },
});

/** A decoder that forgets what lies further back, as one that rolls does: from there on it is filled anew. */
function rollingDecoder(): FakeDecoder {
  const decoder = new FakeDecoder({ conditioned: true });
  let most = 0;
  Object.defineProperty(decoder, "oldestPosition", {
    get: () => {
      most = decoder.position === 0 ? 0 : Math.max(most, decoder.position);
      return Math.max(0, most - 200);
    },
  });
  return decoder;
}

/** A jam in which hands move at random, on a machine as fast as `pace` says; what was planned at its end, and its orders. */
async function jam(hands: number, pace: number, moves: number) {
  const random = new Random(pace);
  let time = 0;
  const local = new LocalComposition(new Composer(rollingDecoder()), () => {
    time += 1 + random.integer(30);
    return milliseconds(time);
  });
  const source = new RecordedSource(local);
  const plan = new Plan();
  let turn = 0;
  const retakes = new Retakes(plan, source, () => settingsOf(turn));
  source.composed.on((composed) => retakes.receive(composed));
  source.failed.on((error) => {
    throw error;
  });
  retakes.begin();
  const moved = new Random(hands);
  let heard = 0;
  for (let move = 0; move < moves; move++) {
    source.composeUntil(heard + 100);
    for (let wait = random.integer(120); wait > 0; wait--) await yieldToEvents();
    heard = Math.max(heard, Math.min(heard + moved.integer(24), plan.composedUntil));
    plan.take(heard);
    turn = moved.integer(60);
    retakes.want();
    retakes.carryOut(seconds(move), heard + moved.integer(8), "goes");
    // Two moves at once become one where the first still waits.
    if (moved.integer(3) > 0) continue;
    turn = moved.integer(60);
    retakes.carryOut(seconds(move), heard + moved.integer(8), "goes");
  }
  source.composeUntil(heard + 64);
  for (let wait = 0; wait < 3000 && plan.composedUntil < heard + 64; wait++) await yieldToEvents();
  local.dispose();
  for (let wait = 0; wait < 20; wait++) await yieldToEvents();
  return { notes: [...plan.notes], record: source.record };
}

describe("replay", () => {
  it("gives the same notes, whatever hands did and however fast the machine was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (hands, pace) => {
        const { notes, record } = await jam(hands, pace, 10);
        expect(notes.length).toBeGreaterThan(20);
        expect(record.orders.length).toBeGreaterThan(4);
        const again = await replay(new Composer(rollingDecoder()), record);
        expect(again.slice(0, notes.length)).toEqual(notes);
        // What had been drawn when the source was closed and had not arrived may be more.
        expect(again.length - notes.length).toBeLessThan(4);
      }),
      { numRuns: 3 },
    );
  });

  it("outlives JSON, and goes on from music that was there", async () => {
    const prime: Note[] = [0, 8, 16].map((onset) => ({
      ...{ instrument: 0, pitch: 60, velocity: 90, onset, duration: 8 },
    }));
    const local = new LocalComposition(new Composer(new FakeDecoder()), () => milliseconds(0));
    const source = new RecordedSource(local);
    const notes: Note[] = [];
    source.composed.on((composed) => notes.push(...composed.notes));
    source.begin(settingsOf(0), prime);
    source.composeUntil(100);
    for (let wait = 0; wait < 500 && (notes.at(-1)?.onset ?? 0) < 100; wait++)
      await yieldToEvents();
    const record = JSON.parse(JSON.stringify(source.record));
    expect(record.orders).toHaveLength(1);
    expect(await replay(new Composer(new FakeDecoder()), record)).toEqual([...prime, ...notes]);
  });

  it("says where the orders were another model's", async () => {
    const record = {
      orders: [
        { drawn: 0, step: 0, settings: settingsOf(0), prime: [] },
        { drawn: 4, step: 8, settings: settingsOf(1) },
      ],
      drawn: 10,
    };
    await expect(replay(new Composer(new FakeDecoder()), record)).rejects.toThrow(/another model/);
  });
});
