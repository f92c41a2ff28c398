/** Composing with a model that writes Allegro's tokens: clock time, and events of two tokens or three. */
import { describe, expect, it } from "vitest";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { Decoder } from "#model/decoder.ts";
import { ReferenceDecoder } from "#model/reference/reference-decoder.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { endless } from "#model/window/context-window.ts";
import { DRUMS } from "#music/instrument.ts";
import { inKey, parseKey } from "#music/key.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { NATURAL_RANGES } from "#music/rules/natural-ranges.ts";
import { allegroAt, sequenceShape } from "#music/tokens/tokenization.ts";
import { CHORD_BASE, LEAD_BASE, OUTRO, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { secondsPerStep } from "#music/units.ts";
import { composePiece } from "./compose-piece.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { PieceHistory } from "./piece-history.ts";

const TEMPO = 97;
const KEY = parseKey("D minor");
const SETTINGS: CompositionSettings = {
  constraint: { lead: 3, drums: true, band: [2, 4], key: KEY },
  sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
  seed: 7,
  tempo: TEMPO,
};
const { prefixLength, period } = sequenceShape("allegro-ms");
const composerOver = (decoder: Decoder) => new Composer(decoder, "allegro-ms");
const isTime = (id: number) => id < 256;
const read = ({ tokens }: Composer, tempo = TEMPO) => allegroAt(tempo).detokenize(tokens);

async function compose(composer: Composer, count: number): Promise<Note[]> {
  const notes: Note[] = [];
  for (let i = 0; i < count; i++) notes.push(await composer.next());
  return notes;
}

/** Makes decoders of a model of one layer whose positions end after `contextLength` tokens. */
function absolute(contextLength: number): () => Decoder {
  const architecture: Architecture = {
    vocabulary: VOCABULARY_SIZE,
    dim: 8,
    depth: 1,
    heads: 1,
    headDim: 8,
    feedForward: 8,
    contextLength,
    positions: "absolute",
  };
  const weights = randomWeights(architecture, 1);
  return () => new ReferenceDecoder(weights, prefixLength);
}

/** Notes to go on from, in 4/4 at 120. */
const primed = (notes: readonly Note[]): Prime => ({ notes, metres: [], tempos: [] });

describe("Composer of Allegro's tokens", () => {
  it.each([20, 97, 300])(
    "composes at tempo %d what its tokens say, under the constraint",
    async (tempo) => {
      const composer = composerOver(new FakeDecoder());
      composer.begin({ ...SETTINGS, tempo });
      const notes = await compose(composer, 200);
      expect(read(composer, tempo)).toMatchObject({
        lead: 3,
        drums: true,
        notes: canonicalNotes(notes),
      });
      expect(composer.tokens.slice(prefixLength).some((id) => id >= CHORD_BASE)).toBe(false);
      expect(composer.drawn).toBe(composer.tokens.length - prefixLength);
      expect(composer.drawn).toBeGreaterThan(2 * 200);
      expect(composer.drawn).toBeLessThan(3 * 200);
      expect(notes.find(({ instrument }) => instrument !== DRUMS)?.instrument).toBe(3);
      for (const { instrument, pitch } of notes) {
        expect([2, 3, 4, DRUMS]).toContain(instrument);
        const [lowest, highest] = NATURAL_RANGES[instrument];
        expect(pitch >= lowest && pitch <= highest).toBe(true);
        expect(instrument === DRUMS || inKey(KEY, pitch % 12)).toBe(true);
      }
    },
  );

  it("goes back to a step and composes the same again, and filled anew nothing", async () => {
    const decoder = new FakeDecoder();
    const composer = composerOver(decoder);
    // All that is allowed may be drawn: a retake forbids to join the chord before it.
    const settings = { ...SETTINGS, sampling: drawnAlike({ temperature: 1 }) };
    composer.begin(settings);
    const first = await compose(composer, 150);
    const { tokens } = composer;
    for (const index of [1, 40, 100, 149]) {
      const step = first[index].onset;
      const kept = first.filter(({ onset }) => onset < step);
      const taken = decoder.taken;
      // The tempo is that of the piece, whatever the control says since.
      composer.retake(step, { ...settings, tempo: 200 });
      const cut = composer.tokens.length;
      expect([...kept, ...(await compose(composer, 150 - kept.length))]).toEqual(first);
      expect(composer.tokens).toEqual(tokens);
      expect(isTime(tokens[cut])).toBe(true);
      expect(decoder.taken - taken).toBe(tokens.length - cut);
    }
  });

  it("fills the cache under a new lead with history that begins with a time", async () => {
    const decoder = new FakeDecoder();
    const composer = composerOver(decoder);
    composer.begin(SETTINGS);
    let notes = await compose(composer, 200);
    for (const lead of [8, 3, 0, 5, 11, 1]) {
      const step = notes[notes.length - 20].onset;
      composer.retake(step, { ...SETTINGS, constraint: { lead, drums: false } });
      const fresh = await compose(composer, 40);
      expect(fresh[0].instrument).toBe(lead);
      expect(fresh.every(({ instrument, onset }) => instrument !== DRUMS && onset >= step)).toBe(
        true,
      );
      notes = [...notes.filter(({ onset }) => onset < step), ...fresh];
      expect(decoder.tokens.slice(0, prefixLength)).toEqual([
        3087,
        3073,
        LEAD_BASE + lead,
        CHORD_BASE,
      ]);
      expect(isTime(decoder.tokens[prefixLength])).toBe(true);
      const carried = decoder.tokens.slice(prefixLength);
      expect(carried).toEqual(composer.tokens.slice(-1 - carried.length, -1));
    }
  });

  it("keeps to the step it was asked to go on from, further than a time token reaches", async () => {
    const composer = composerOver(new FakeDecoder());
    composer.begin(SETTINGS);
    await compose(composer, 60);
    for (const seconds of [0.1, 1, 2, 3, 7]) {
      const step = composer.onset + Math.round(seconds / secondsPerStep(TEMPO));
      composer.retake(step, SETTINGS);
      const notes = await compose(composer, 20);
      expect(notes.every(({ onset }) => onset >= step)).toBe(true);
    }
  });

  it("announces the outro once, before a new onset", async () => {
    const composer = composerOver(new FakeDecoder());
    composer.begin(SETTINGS);
    const before = await compose(composer, 50);
    composer.announceOutro();
    const after = await compose(composer, 50);
    const { tokens } = composer;
    const at = tokens.indexOf(OUTRO);
    expect(tokens.lastIndexOf(OUTRO)).toBe(at);
    expect(isTime(tokens[at + 1])).toBe(true);
    expect(read(composer).notes).toEqual(canonicalNotes([...before, ...after]));
  });

  it("goes on from a prime, whose chords are counted, and back into it", async () => {
    const prime = Array.from({ length: 240 }, (_, i): Note => {
      return {
        instrument: i % 2 ? 2 : 3,
        pitch: 60 - (i % 2) * 12,
        velocity: 90,
        onset: 4 * (i >> 1),
        duration: 3,
      };
    });
    const composer = composerOver(new FakeDecoder());
    composer.begin(SETTINGS, prime);
    expect(composer.notes.map(({ duration, ...rest }) => rest)).toEqual(
      prime.map(({ duration, ...rest }) => rest),
    );
    expect(composer.tokens.filter((id) => id >= CHORD_BASE && id < OUTRO)).toEqual([
      2816, 2817, 2818,
    ]);
    const fresh = await compose(composer, 30);
    expect(fresh[0].onset).toBeGreaterThanOrEqual(4 * 119);
    // The step of the first chord after a counter: the counter stays.
    for (const step of [4 * 51, 4 * 20 + 1]) {
      composer.retake(step, SETTINGS);
      expect(composer.notes).toHaveLength(2 * Math.ceil(step / 4));
      if (step === 4 * 51) expect(composer.tokens.at(-1)).toBe(2817);
      await compose(composer, 30);
      const all = read(composer).notes;
      expect(all).toEqual(canonicalNotes(composer.notes));
      expect(all.length).toBe(2 * Math.ceil(step / 4) + 30);
    }
  });

  it("draws from logits where a device would draw by the grammar of the grid", async () => {
    const draws = Object.assign(new FakeDecoder(), {
      draw: () => Promise.reject(new Error("not by this grammar")),
    });
    const [plain, drawing] = [new FakeDecoder(), draws].map(composerOver);
    plain.begin(SETTINGS);
    drawing.begin(SETTINGS);
    expect(await drawing.next(4)).toEqual(await plain.next(4));
  });

  it("plays on as though nothing were given, which clock time cannot say", async () => {
    const notes = [{ instrument: 2, pitch: 40, velocity: 90, onset: 0, duration: 4 }];
    const alone = { from: 0, cycle: 32, notes, alone: true };
    const [plain, given] = [new FakeDecoder(), new FakeDecoder()].map(composerOver);
    plain.begin(SETTINGS);
    given.begin({ ...SETTINGS, given: [alone] });
    expect(await compose(given, 40)).toEqual(await compose(plain, 40));
    for (const composer of [plain, given])
      composer.retake(20, composer === given ? { ...SETTINGS, given: [alone] } : SETTINGS);
    expect(await compose(given, 40)).toEqual(await compose(plain, 40));
  });

  it("plays on past the context of absolute positions, and back over moved windows", async () => {
    const open = absolute(64);
    const perform = async (decoder: Decoder) => {
      const composer = composerOver(decoder);
      composer.begin(SETTINGS);
      const notes = await compose(composer, 120);
      expect(decoder.position).toBeGreaterThan(4 * 64);
      composer.retake(notes[60].onset, SETTINGS);
      notes.splice(notes.findIndex(({ onset }) => onset >= notes[60].onset));
      notes.push(...(await compose(composer, 120 - notes.length)));
      expect(read(composer).notes).toEqual(canonicalNotes(notes));
      composer.retake(notes[110].onset, { ...SETTINGS, constraint: { lead: 8, drums: false } });
      expect((await compose(composer, 60))[0].instrument).toBe(8);
      return composer.tokens;
    };
    const played = await perform(endless(open(), { prefixLength, period }));
    const spare = open();
    expect(await perform(endless(open(), { prefixLength, period, spare }))).toEqual(played);
  });
});

describe("PieceHistory of Allegro's tokens", () => {
  it("forgets the oldest events and goes back within the rest", () => {
    const tokenization = allegroAt(TEMPO);
    const piece = new PieceHistory(SETTINGS.constraint, [], { tokenization });
    // Chords of two: five tokens for two notes.
    for (let i = 0; i < 9000; i++) {
      if (i % 2 === 0) piece.push(12);
      piece.push(256 + 8 + 5);
      piece.push(1280 + 3 * 128 + (i % 2 === 0 ? 62 : 60));
      piece.forget();
    }
    expect(piece.length).toBe(prefixLength + 2.5 * 9000);
    expect(piece.events.length).toBeLessThan(8192);
    expect(piece.tokens.length).toBe(prefixLength + 2.5 * piece.events.length);
    const { onset } = piece.events[piece.events.length - 100].note;
    piece.retake(onset, SETTINGS.constraint);
    expect(piece.onset).toBeLessThan(onset);
    expect(
      piece.events.every((event) => event.timed === isTime(piece.runFrom(event.index).tokens[0])),
    ).toBe(true);
  });
});

describe("composePiece of Allegro's tokens", () => {
  const request: ComposeRequest = {
    ...{ lead: 3, drums: true, bars: 3, tracks: 1, temperature: 0.9, topP: 0.95, seed: 7 },
    ...{ tempo: 100, key: KEY, band: [2] },
  };
  const piece = (change: Partial<ComposeRequest> = {}, decoder = new FakeDecoder()) => {
    const whole = { ...request, ...change };
    return composePiece(decoder, whole, 1, undefined, undefined, "allegro-ms");
  };
  const strokes = (notes: readonly Note[]) =>
    canonicalNotes(notes).map(({ duration, ...stroke }) => stroke);

  it.each([30, 100, 300])(
    "fills the bars asked for at tempo %d with what its tokens say, as MIDI too",
    async (tempo) => {
      const decoder = new FakeDecoder();
      const { notes, midi } = await piece({ tempo }, decoder);
      const end = Math.max(...notes.map(({ onset, duration }) => onset + duration));
      expect(end).toBeLessThanOrEqual(3 * 32);
      expect(end).toBeGreaterThan(2 * 32);
      expect(new Set(notes.map(({ instrument }) => instrument))).toEqual(new Set([3, 2, DRUMS]));
      expect(canonicalNotes(notes)).toEqual(notes);
      const song = readMidi(midi);
      expect(arrange(song).notes).toEqual(notes);
      expect(song.tempos[0].tempo).toBeCloseTo(tempo, 2);
      const grammar = allegroAt(tempo).grammar();
      const said = decoder.tokens.map((id) => grammar.push(id));
      expect(strokes(said.filter((note) => note !== undefined))).toEqual(strokes(notes));
      expect(decoder.tokens.filter((id) => id === OUTRO)).toHaveLength(1);
    },
  );

  it("goes on from a prime, and is the same for the same seed", async () => {
    const prime: Note[] = [{ instrument: 3, pitch: 62, velocity: 90, onset: 2, duration: 8 }];
    const { notes, midi } = await piece({ prime: primed(prime) });
    expect(notes[0]).toMatchObject({ instrument: 3, pitch: 62, velocity: 90, onset: 2 });
    expect(notes.length).toBeGreaterThan(10);
    expect((await piece({ prime: primed(prime) })).midi).toEqual(midi);
  });
});
