/**
 * An instrument that has a part of the velocities for itself plays that part of what the model would have played, and all
 * else comes as it would have come.
 */
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { placeInRun } from "#model/sampler.ts";
import type { TokenConditions } from "#model/token-run.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { allegroAt, GRID32, type TokenizationName } from "#music/tokens/tokenization.ts";
import {
  DURATION_BASE,
  NOTE_BASE,
  VELOCITY_BUCKETS,
  velocityBucket,
} from "#music/tokens/vocabulary.ts";
import { DEFAULT_TEMPO } from "#music/units.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike, type Share } from "./composition.ts";

const VIOLIN = 3;
const ALL: Share = [0, 1];
const LOUDER: Share = [0.5, 1];

const settings = (
  own: Readonly<Record<number, Share>> | undefined,
  temperature = 1,
): CompositionSettings => ({
  constraint: { lead: VIOLIN, drums: true },
  sampling: {
    ...drawnAlike({ temperature }),
    ...(own && { velocities: INSTRUMENTS.map((_, at) => own[at] ?? ALL) }),
  },
  seed: 7,
});

async function compose(composer: Composer, count: number): Promise<Note[]> {
  const notes: Note[] = [];
  for (let i = 0; i < count; i++) notes.push(await composer.next());
  return notes;
}

/** One to which all velocities are alike, and that does not listen to how loud it played: all else is drawn apart from them. */
class DeafDecoder extends FakeDecoder {
  override async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    const isDuration = (id: number) => id >= DURATION_BASE && id < NOTE_BASE;
    const softest = (id: number) => (isDuration(id) ? id - (id % VELOCITY_BUCKETS) : id);
    const logits = await super.prefill(tokens.map(softest), conditions);
    return logits.map((_, id) => logits[softest(id)]);
  }
}

describe("a part of the velocities", () => {
  it("is played by whom it is of; others, lengths and pitches stay", async () => {
    const composer = new Composer(new DeafDecoder());
    composer.begin(settings(undefined));
    const before = await compose(composer, 300);
    composer.begin(settings({ [VIOLIN]: LOUDER }));
    const after = await compose(composer, 300);
    const violin = new Array<number>(VELOCITY_BUCKETS).fill(0);
    for (const [at, { velocity, ...note }] of after.entries()) {
      const { velocity: had, ...same } = before[at];
      expect(note).toEqual(same);
      if (note.instrument === VIOLIN) violin[velocityBucket(velocity)]++;
      // The louder it would have been, the louder it is.
      const bucket = velocityBucket(had);
      expect(velocityBucket(velocity)).toBe(
        note.instrument === VIOLIN ? VELOCITY_BUCKETS / 2 + (bucket >> 1) : bucket,
      );
    }
    expect(violin.slice(0, 4)).toEqual([0, 0, 0, 0]);
    for (const count of violin.slice(4)) expect(count).toBeGreaterThan(2);
  });

  it.each([0, 0.6, 1])("is one of what the model says at the note, at %d", async (temperature) => {
    const own = { [VIOLIN]: LOUDER, 0: [0, 0.5], [DRUMS]: [0.25, 0.75] } as const;
    const composer = new Composer(new FakeDecoder());
    composer.begin(settings(own, temperature));
    await compose(composer, 150);
    const { tokens } = composer;
    const oracle = new FakeDecoder();
    let played = 0;
    let logits = await oracle.prefill(tokens.slice(0, 4));
    for (let at = 4; at + 1 < tokens.length; at += 3) {
      const [said, note, time] = tokens.slice(at, at + 3);
      const bucket = said % VELOCITY_BUCKETS;
      const options = { temperature, seed: 0, counter: 0 };
      const run = { first: said - bucket, length: VELOCITY_BUCKETS };
      const shares = Array.from(placeInRun(logits, options, said, run).shares);
      const total = shares.reduce((sum, share) => sum + share, 0);
      const below = shares.slice(0, bucket).reduce((sum, share) => sum + share, 0);
      const [from, to] = settings(own).sampling.velocities![(note - NOTE_BASE) >> 7];
      expect(below / total).toBeLessThan(to);
      expect((below + shares[bucket]) / total).toBeGreaterThan(from);
      if (from > 0 || to < 1) played++;
      if (time !== undefined) logits = await oracle.prefill([said, note, time]);
    }
    expect(played).toBeGreaterThan(10);
  });

  it.each<TokenizationName>(["grid32", "allegro-ms"])(
    "stands in the tokens of %s, in those that the decoder took, and comes again",
    async (name) => {
      const decoder = new FakeDecoder();
      const composer = new Composer(decoder, name);
      const own = settings({ [VIOLIN]: LOUDER, [DRUMS]: [0, 0.5] });
      composer.begin(own);
      const notes = await compose(composer, 200);
      const tokenization = name === "grid32" ? GRID32 : allegroAt(DEFAULT_TEMPO);
      expect(tokenization.detokenize(composer.tokens).notes).toEqual(canonicalNotes(notes));
      // Of the newest note it took the velocity that was drawn, and is told the other with the next.
      const taken = () => decoder.tokens.slice(0, composer.tokens.length - 2);
      expect(taken()).toEqual(composer.tokens.slice(0, -2));
      const step = notes[120].onset;
      composer.retake(step, own);
      const kept = notes.filter(({ onset }) => onset < step);
      expect([...kept, ...(await compose(composer, 200 - kept.length))]).toEqual(notes);
      expect(taken()).toEqual(composer.tokens.slice(0, -2));
    },
  );

  it("costs a token for each note that it moves, and nothing where all is everyone's", async () => {
    const taken = async (own: Readonly<Record<number, Share>> | undefined) => {
      const decoder = new FakeDecoder();
      const composer = new Composer(decoder);
      composer.begin(settings(own));
      const notes = await compose(composer, 300);
      return { notes, extra: decoder.taken - (composer.tokens.length - 1) };
    };
    const open = await taken(undefined);
    expect(open.extra).toBe(0);
    expect(await taken({})).toEqual(open);
    const parted = await taken({ [VIOLIN]: LOUDER });
    const violins = parted.notes.filter(({ instrument }) => instrument === VIOLIN).length;
    expect(parted.extra).toBeGreaterThan(violins / 4);
    expect(parted.extra).toBeLessThanOrEqual(violins);
  });

  it("is drawn from logits, not where they are", async () => {
    const decoder = Object.assign(new FakeDecoder(), {
      draw: () => Promise.reject(new Error("a device knows no parts")),
    });
    const composer = new Composer(decoder);
    composer.begin(settings({ [VIOLIN]: LOUDER }));
    expect(await compose(composer, 20)).toHaveLength(20);
    composer.retake(0, settings(undefined));
    await expect(composer.next()).rejects.toThrow("a device knows no parts");
  });

  it("outlives a decoder that fails between the velocity and the note", async () => {
    const notes = async (failing: boolean) => {
      const decoder = new DeafDecoder();
      const composer = new Composer(decoder);
      composer.begin(settings({ [VIOLIN]: LOUDER }));
      const composed: Note[] = [];
      for (let at = 0; at < 60; at++) {
        if (failing) {
          const { prefill } = decoder;
          let calls = 0;
          decoder.prefill = function (...args) {
            if (++calls === 3) this.fault = new Error("gone");
            return prefill.apply(this, args);
          };
          await expect(composer.next()).rejects.toThrow("gone");
          decoder.prefill = prefill;
        }
        composed.push(await composer.next());
      }
      return composed;
    };
    expect(await notes(true)).toEqual(await notes(false));
  });
});
