import { describe, expect, it } from "vitest";
import { milliseconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { OUTRO } from "#music/tokens/vocabulary.ts";
import { Composer } from "./composer.ts";
import { type ComposedNotes, type CompositionSettings, drawnAlike } from "./composition.ts";
import { LocalComposition } from "./local-composition.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: false },
  sampling: drawnAlike({ temperature: 1, topP: 1 }),
  seed: 3,
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 20_000 && !holds(); i++) await yieldToEvents();
  expect(holds()).toBe(true);
};

function build() {
  const decoder = new FakeDecoder();
  let time = 0;
  // Each look at the clock passes 8 ms.
  const composition = new LocalComposition(new Composer(decoder), () => {
    time += 8;
    return milliseconds(time);
  });
  const batches: ComposedNotes[] = [];
  composition.composed.on((batch) => batches.push(batch));
  const newest = () => batches.at(-1)?.notes.at(-1)?.onset ?? 0;
  return { decoder, composition, batches, newest };
}

describe("LocalComposition", () => {
  it("composes as far as asked, then rests", async () => {
    const { composition, newest, decoder } = build();
    composition.begin(SETTINGS);
    composition.composeUntil(64);
    await until(() => newest() >= 64);
    const { taken } = decoder;
    for (let i = 0; i < 50; i++) await yieldToEvents();
    expect(decoder.taken).toBe(taken);
  });

  it("hands over what it has every 40 ms, and says how long that took", async () => {
    const { composition, batches, newest } = build();
    composition.begin(SETTINGS);
    composition.composeUntil(400);
    await until(() => newest() >= 400);
    const whole = batches.slice(0, -1);
    expect(whole.length).toBeGreaterThan(3);
    // Begun at 8; looked at after each event at 16, 24, 32, 40 and 48; told at 56.
    for (const { notes, milliseconds } of whole)
      expect([notes.length, milliseconds]).toEqual([5, 48]);
  });

  it("numbers revisions, and the notes of one begin where it was ordered", async () => {
    const { composition, batches, newest } = build();
    const first = composition.begin(SETTINGS);
    composition.composeUntil(100);
    await until(() => newest() >= 100);
    const second = composition.retake(50, { ...SETTINGS, seed: 4 });
    composition.composeUntil(120);
    await until(() => batches.at(-1)?.revision === second && newest() >= 100);
    expect(second).toBe(first + 1);
    const before = batches
      .filter((batch) => batch.revision === first)
      .flatMap((batch) => batch.notes);
    const kept = before.filter((note) => note.onset < 50);
    const after = batches
      .filter((batch) => batch.revision === second)
      .flatMap((batch) => batch.notes);
    expect(after[0].onset).toBeGreaterThanOrEqual(kept.at(-1)?.onset ?? 0);
  });

  it("reports a fault once and can begin again", async () => {
    const { composition, decoder, newest } = build();
    const faults: string[] = [];
    composition.failed.on((error) => faults.push(error.message));
    composition.begin(SETTINGS);
    composition.composeUntil(10);
    await until(() => newest() >= 10);
    decoder.fault = new Error("lost");
    composition.composeUntil(1000);
    await until(() => faults.length > 0);
    expect(faults).toEqual(["lost"]);
    composition.begin(SETTINGS);
    composition.composeUntil(20);
    await until(() => newest() >= 20);
  });

  it("ends where it is asked to, having announced it, and says so; a retake can ask for it", async () => {
    const { composition, batches, newest, decoder } = build();
    composition.begin(SETTINGS);
    composition.composeUntil(64);
    await until(() => newest() >= 64);
    composition.retake(40, { ...SETTINGS, endsAt: 160 });
    composition.composeUntil(1000);
    await until(() => batches.at(-1)?.endsAt === 160);
    const notes = batches.flatMap((batch) => (batch.revision === 2 ? batch.notes : []));
    expect(notes.every(({ onset, duration }) => onset + duration <= 160)).toBe(true);
    expect(notes.at(-1)?.onset).toBeGreaterThan(96);
    expect(decoder.tokens).toContain(OUTRO);
    expect(batches.filter(({ endsAt }) => endsAt !== undefined)).toHaveLength(1);
    const { taken } = decoder;
    await new Promise((resolve) => setTimeout(resolve));
    expect(decoder.taken).toBe(taken);
  });
});
