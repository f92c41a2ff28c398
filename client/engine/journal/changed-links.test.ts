/**
 * A link that somebody changed by hand is refused with one sentence, or composes as it says, in as many tokens: what is
 * accepted neither breaks a rule of the composer nor keeps it busy without end, comes the same each time, and can be gone on with.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure, failureOf } from "#base/failure.ts";
import { Composer } from "#engine/compose/composer.ts";
import { keptPerformance } from "#engine/jam/kept-performance.ts";
import { composingJam, playedJam } from "#engine/testing/composing-jam.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { withText } from "#music/chart/player-chart.ts";
import type { Prime } from "#music/midi/prime.ts";
import { Journal } from "./journal.ts";
import { replay } from "./replay.ts";
import { heardOf, parseShared, type SharedPiece, sharedOf } from "./shared-piece.ts";

/** Most events of a changed piece; what it says of its length beyond is left as it was. */
const MOST_DRAWN = 600;

/** A piece with all that orders can hold, as its link says it. */
async function sharedText(): Promise<string> {
  const { session, source, run, dispose } = await playedJam(2);
  session.setControls({ hand: "Violin", key: { tonic: 2, scale: "dorian" }, chordLock: "strict" });
  session.keys.press({ instrument: 3, pitch: 62, velocity: 77 });
  await run(0.4);
  session.keys.release({ instrument: 3, pitch: 62 });
  session.charting.write((chart) => withText(chart, "Am F C G", undefined));
  session.setStrip(2, {
    limits: { polyphony: 1, register: [30, 50], density: 8 },
    velocities: "upper",
  });
  await run(0.6);
  session.leading.repeat(1);
  await run(1.5);
  session.leading.letGo();
  session.leading.freeze(0);
  session.setControls({ lead: 8, style: "jazz" });
  await run(0.8);
  session.end();
  await run(0.4);
  const text = JSON.stringify(sharedOf(session.heardSoFar, source.record));
  dispose();
  return text;
}

/** Every value in JSON: its holder, its name there, and the whole way. */
function* placesIn(value: unknown, way = ""): Generator<readonly [object, string, string]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    yield [value, name, `${way}.${name}`];
    yield* placesIn(part, `${way}.${name}`);
  }
}

/** Numbers at the borders of what fields may hold, and what is no number. */
const NUMBERS = [
  0,
  1,
  3,
  7,
  12,
  33,
  127,
  128,
  255,
  256,
  1024,
  1536,
  4096,
  2e5,
  0.5,
  1.5,
  2 ** 53 - 1,
];
const OTHERS = [undefined, null, true, false, "strict", "1/16", [], {}];

/** Replays a piece; how many tokens its decoder took, or why it was refused. */
async function replayed(text: string): Promise<number | Failure> {
  const refused = failureOf(() => parseShared(JSON.parse(text)));
  if (refused !== undefined) return refused;
  const piece = parseShared(JSON.parse(text));
  const decoder = new FakeDecoder({ conditioned: true });
  try {
    const music = heardOf(piece, await replay(new Composer(decoder), piece.record));
    const other = new FakeDecoder({ conditioned: true });
    expect(heardOf(piece, await replay(new Composer(other), piece.record))).toEqual(music);
    await goOn(piece, music);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return decoder.taken;
}

/** As the page takes it in, and goes on after it: what was heard stays, and more comes. */
async function goOn({ performance }: SharedPiece, music: Prime): Promise<void> {
  const journal = new Journal();
  journal.restore(music);
  expect(journal.toMidi("changed").length).toBeGreaterThan(0);
  const { session, run, dispose } = composingJam();
  session.bringBack(keptPerformance(performance, session.performance) ?? session.performance);
  session.offer(music);
  session.goOn();
  await run(0.5);
  await session.play();
  await run(0.5);
  const { phase, message } = session.state;
  dispose();
  expect([phase, message?.code]).not.toContain("failed");
}

describe("a link that was changed", () => {
  it("is refused with one sentence or composes as it says, and never goes on without end", async () => {
    const text = await sharedText();
    const whole = JSON.parse(text) as SharedPiece;
    expect(whole.record.orders.length).toBeGreaterThan(4);
    for (const held of ["given", "played", "chart"] as const)
      expect(whole.record.orders.some(({ settings }) => settings[held] !== undefined)).toBe(true);
    const bound = 4 * Number(await replayed(text));
    expect(bound).toBeGreaterThan(0);
    const ways = [...placesIn(whole)].map(([, , way]) => way);
    // Of orders twice as often as of the rest.
    const telling = ways.filter((way) => /given|laid|metres|constraint|step|played/.test(way));
    const change = fc.record({
      way: fc.oneof(fc.constantFrom(...ways), fc.constantFrom(...telling)),
      number: fc.constantFrom(...NUMBERS),
      other: fc.constantFrom(...OTHERS),
    });
    const outcomes = { refused: 0, composed: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
        const changed = JSON.parse(text) as SharedPiece;
        for (const { way, number, other } of changes) {
          const place = [...placesIn(changed)].find(([, , known]) => known === way);
          if (place === undefined) continue;
          const [holder, name] = place;
          const isNumber = typeof Reflect.get(holder, name) === "number";
          if (name !== "drawn" || number < MOST_DRAWN)
            Reflect.set(holder, name, isNumber ? number : other);
        }
        const outcome = await replayed(JSON.stringify(changed));
        if (typeof outcome === "number") {
          outcomes.composed++;
          expect(outcome).toBeLessThan(bound + 8 * MOST_DRAWN);
        } else {
          outcomes.refused++;
          expect(outcome.kind).toBe("unreadable");
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(outcomes.refused, outcomes.composed)).toBeGreaterThan(5);
  });

  it.each([
    ["a given note that lasts longer than a token says", /given\.0\.notes\.0\.duration$/, 1000],
    ["more that is given at once than a band plays", /given\.0\.cycle$/, 1],
    ["a register of no pitches", /parts\.2\.register$/, null],
    ["a part of velocities that ends below its beginning", /velocities\.2\.1$/, 0.25],
    ["parts of velocities of too few instruments", /velocities$/, [[0, 1]]],
  ])("to %s is refused", async (_, where, value) => {
    const changed = JSON.parse(await sharedText());
    const [holder, name] = [...placesIn(changed)].find(([, , way]) => where.test(way))!;
    Reflect.set(holder, name, value);
    expect(await replayed(JSON.stringify(changed))).toMatchObject({ kind: "unreadable" });
  });
});
