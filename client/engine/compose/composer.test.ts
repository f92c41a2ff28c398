import { describe, expect, it } from "vitest";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { ChartOrder } from "#music/chart/ordered-chart.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { compareNotes } from "#music/piece.ts";
import { detokenize } from "#music/tokens/tokenizer.ts";
import { composePiece } from "./compose-piece.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { SAMPLING_CONTROLS, SUBTLE_CONTROLS, samplingOf, usualValues } from "./controls.ts";
import { type QuantileName, withQuantiles } from "./quantiles.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 3, drums: true },
  sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
  seed: 7,
};

async function compose(composer: Composer, count: number): Promise<Note[]> {
  const notes: Note[] = [];
  for (let i = 0; i < count; i++) notes.push(await composer.next());
  return notes;
}

/** Notes to go on from, in 4/4 at 120. */
const primed = (notes: readonly Note[]): Prime => ({ notes, metres: [], tempos: [] });

describe("Composer", () => {
  it("composes in canonical order what its tokens say", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    const notes = await compose(composer, 200);
    expect([...notes].sort(compareNotes)).toEqual(notes);
    expect(detokenize(composer.tokens)).toMatchObject({ lead: 3, drums: true, notes });
    expect(notes.find((note) => note.instrument !== DRUMS)?.instrument).toBe(3);
    expect(notes.some((note) => note.instrument === DRUMS)).toBe(true);
  });

  it("gives the same notes for the same seed and others for another", async () => {
    const run = async (seed: number) => {
      const composer = new Composer(new FakeDecoder());
      composer.begin({ ...SETTINGS, seed });
      return await compose(composer, 60);
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  it("goes back to a step and composes the same again under the same settings", async () => {
    const decoder = new FakeDecoder();
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    const first = await compose(composer, 150);
    const step = first[100].onset;
    const kept = first.filter((note) => note.onset < step);
    const taken = decoder.taken;
    composer.retake(step, SETTINGS);
    expect([...kept, ...(await compose(composer, 150 - kept.length))]).toEqual(first);
    expect(decoder.taken - taken).toBe(3 * (150 - kept.length)); // cut, not filled anew
  });

  it("keeps to a density, from a retake on too", async () => {
    /** Likes short times, so that there is something to limit. */
    class BusyDecoder extends FakeDecoder {
      override async prefill(tokens: readonly number[]): Promise<Float32Array> {
        const logits = await super.prefill(tokens);
        for (let time = 0; time < 2; time++) logits[time] += 12;
        return logits;
      }
    }
    const composer = new Composer(new BusyDecoder());
    const notesABar = async (count: number) => {
      const { onset } = composer;
      await compose(composer, count);
      return (32 * count) / (composer.onset - onset);
    };
    const limited = (density: number) => ({
      ...SETTINGS,
      constraint: { ...SETTINGS.constraint, density },
    });
    composer.begin(SETTINGS);
    expect(await notesABar(200)).toBeGreaterThan(45);
    composer.retake(composer.onset + 1, limited(40));
    expect(await notesABar(200)).toBeLessThan(42);
    composer.begin(limited(20));
    expect(await notesABar(200)).toBeLessThan(22);
  });

  it("plays longer notes by legato, shorter ones against it", async () => {
    const usual = usualValues([...SAMPLING_CONTROLS, ...SUBTLE_CONTROLS]);
    const lasting = async (legato: number) => {
      const composer = new Composer(new FakeDecoder());
      composer.begin({ ...SETTINGS, sampling: samplingOf({ ...usual, legato }) });
      const durations = (await compose(composer, 300)).map(({ duration }) => Math.log2(duration));
      return durations.reduce((sum, length) => sum + length, 0) / durations.length;
    };
    const [short, plain, long] = [await lasting(-1), await lasting(0), await lasting(1)];
    expect(plain).toBeGreaterThan(short + 0.1);
    expect(long).toBeGreaterThan(plain + 0.1);
  });

  it("rests no longer than the chart's levels bear, but where a bar is full", async () => {
    const longRests = async (chart: ChartOrder) => {
      const composer = new Composer(new FakeDecoder());
      composer.begin({ ...SETTINGS, chart });
      const onsets = [0, ...(await compose(composer, 400)).map(({ onset }) => onset)];
      return onsets.slice(1).filter((onset, at) => onset - onsets[at] > 8).length;
    };
    const written = Object.fromEntries(
      Array.from({ length: 99 }, (_, bar) => [bar, { density: 7 }]),
    );
    expect(await longRests({})).toBeGreaterThan(40);
    expect(await longRests({ written })).toBeLessThan(5);
  });

  it("plays the part of pitches and velocities that was left to it", async () => {
    const composer = new Composer(new FakeDecoder());
    const heard = async (part: QuantileName) => {
      const pitches = INSTRUMENTS.map(() => part);
      const velocities = INSTRUMENTS.map(() => "band" as const);
      const sampling = withQuantiles(SETTINGS.sampling, { pitches, velocities, band: part });
      composer.begin({ ...SETTINGS, constraint: { lead: 3, drums: false, band: [] }, sampling });
      const notes = await compose(composer, 200);
      const mean = (of: (note: Note) => number) =>
        notes.reduce((sum, note) => sum + of(note), 0) / notes.length;
      return [mean(({ pitch }) => pitch), mean(({ velocity }) => velocity)];
    };
    const [lower, all, upper] = [await heard("lower"), await heard("all"), await heard("upper")];
    for (const of of [0, 1]) {
      expect(lower[of]).toBeLessThan(all[of]);
      expect(all[of]).toBeLessThan(upper[of]);
    }
  });

  it("fills the cache anew when the point is out of the decoder's reach", async () => {
    const decoder = new FakeDecoder();
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    const first = await compose(composer, 150);
    decoder.oldestPosition = 10_000;
    composer.retake(first[100].onset, SETTINGS);
    // All but the newest token, which is taken when the next is wanted.
    const expectSame = () =>
      expect(decoder.tokens.slice(3)).toEqual(composer.tokens.slice(2 - decoder.position, -1));
    await compose(composer, 1);
    decoder.oldestPosition = 0;
    expect(decoder.position).toBeLessThanOrEqual(260);
    expect(decoder.tokens.slice(0, 3)).toEqual(composer.tokens.slice(0, 3));
    expectSame();
    // And again: positions of tokens and of the cache now differ.
    const more = await compose(composer, 20);
    composer.retake(more[5].onset, SETTINGS);
    await compose(composer, 1);
    expectSame();
  });

  it("lets a new lead play first and keeps drums to what is asked, from the step on", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    const first = await compose(composer, 100);
    const step = first[60].onset;
    composer.retake(step, { ...SETTINGS, constraint: { lead: 8, drums: false } });
    const later = await compose(composer, 100);
    expect(later[0].instrument).toBe(8);
    expect(later.some((note) => note.instrument === DRUMS)).toBe(false);
    expect(later.every((note) => note.onset >= step)).toBe(true);
  });

  it("never composes before the step it was asked to go on from", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    let notes = await compose(composer, 60);
    for (let seed = 20; seed < 60; seed++) {
      const step = notes[notes.length >> 1].onset + 5;
      composer.retake(step, { ...SETTINGS, seed });
      const kept = notes.filter((note) => note.onset < step);
      const fresh = await compose(composer, 20);
      expect(fresh[0].onset).toBeGreaterThanOrEqual(step);
      notes = [...kept, ...fresh];
    }
  });

  it("reckons surprise where it is watched alone", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    await composer.next();
    expect(composer.surprise).toBeUndefined();
    composer.watchSurprise();
    expect(composer.surprise).toBe(0);
    await composer.next();
    expect(composer.surprise).toBeGreaterThan(0);
  });

  it("takes everything back to the heading", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    const first = await compose(composer, 20);
    composer.retake(0, SETTINGS);
    expect(composer.tokens).toHaveLength(3);
    expect(await compose(composer, 20)).toEqual(first);
  });
});

describe("composePiece", () => {
  const request: ComposeRequest = {
    lead: 3,
    drums: true,
    bars: 8,
    tracks: 2,
    temperature: 0.9,
    topP: 0.95,
    seed: 7,
    tempo: 100,
    key: parseKey("D minor"),
    band: [2],
  };

  it("fills the bars asked for, never past them, with the band asked for", async () => {
    const { notes, midi } = await composePiece(new FakeDecoder(), request, 1);
    const end = Math.max(...notes.map((note) => note.onset + note.duration));
    expect(end).toBeLessThanOrEqual(8 * 32);
    expect(end).toBeGreaterThan(7 * 32);
    expect(new Set(notes.map((note) => note.instrument))).toEqual(new Set([3, 2, DRUMS]));
    const song = readMidi(midi);
    expect(arrange(song).notes).toEqual(notes);
    expect(song.tempos[0].tempo).toBeCloseTo(100, 3);
  });

  it("is the same for the same track and another for the next", async () => {
    const midi = async (n: number) => (await composePiece(new FakeDecoder(), request, n)).midi;
    expect(await midi(1)).toEqual(await midi(1));
    expect(await midi(1)).not.toEqual(await midi(2));
  });

  it("goes on from a prime", async () => {
    const prime: Note[] = [{ instrument: 3, pitch: 62, velocity: 90, onset: 0, duration: 8 }];
    const { notes } = await composePiece(
      new FakeDecoder(),
      { ...request, prime: primed(prime) },
      1,
    );
    expect(notes[0]).toEqual(prime[0]);
    expect(notes.length).toBeGreaterThan(10);
  });

  it("stops when aborted", async () => {
    const abort = new AbortController();
    const onProgress = (share: number) => share > 0.2 && abort.abort();
    await expect(
      composePiece(new FakeDecoder(), request, 1, onProgress, abort.signal),
    ).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each([
    { bars: 0 },
    { bars: 2.5 },
    { tracks: 17 },
    { temperature: -1 },
    { topP: 0 },
    { tempo: 1000 },
    { seed: -1 },
    { lead: DRUMS },
    { prime: primed([{ instrument: 0, pitch: 60, velocity: 90, onset: 8 * 32 - 2, duration: 4 }]) },
  ])("refuses %j in one sentence", async (change) => {
    await expect(
      composePiece(new FakeDecoder(), { ...request, ...change }, 1),
    ).rejects.toMatchObject({
      kind: "usage",
    });
  });
});
