/** Levels that a chart asks for are played, by a model that knows nothing of them. */
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { describe as described } from "#music/chart/describe.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import {
  bucketVelocity,
  DURATION_BASE,
  NOTE_BASE,
  VELOCITY_BUCKETS,
  VOCABULARY_SIZE,
} from "#music/tokens/vocabulary.ts";
import { Composer } from "./composer.ts";
import { drawnAlike } from "./composition.ts";
import { levelTilts, UNTILTED } from "./level-control.ts";

const stroke = (onset: number, velocity = 60): Note => ({
  ...{ instrument: 0, pitch: 60, onset, duration: 2, velocity },
});
/** `count` notes in each of `bars` bars of 4/4, evenly. */
const evenly = (count: number, bars: number, velocity?: number): Note[] =>
  Array.from({ length: count * bars }, (_, i) => stroke(Math.floor((32 * i) / count), velocity));

const asking = (bar: { density?: number; energy?: number; drumDensity?: number }) =>
  new OrderedChart({ written: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [n, bar])) });

describe("tilts", () => {
  it("are none where nothing is asked", () => {
    expect(levelTilts(evenly(40, 8), asking({}), 8 * 32)).toEqual(UNTILTED);
  });

  it("wait longer after too many notes and shorter after too few, louder after soft ones", () => {
    const tiltsAfter = (notes: Note[], bar: object) => levelTilts(notes, asking(bar), 8 * 32);
    expect(tiltsAfter(evenly(40, 8), { density: 3 }).rhythm).toBeGreaterThan(0.3);
    expect(tiltsAfter(evenly(3, 8), { density: 6 }).rhythm).toBeLessThan(-0.3);
    expect(tiltsAfter(evenly(16, 8, 30), { energy: 6 }).dynamics).toBeGreaterThan(0.5);
    expect(tiltsAfter(evenly(16, 8, 110), { energy: 2 }).dynamics).toBeLessThan(-0.5);
    // A level that is kept asks for no more than it took to keep it.
    expect(
      Math.abs(tiltsAfter(evenly(16, 8, bucketVelocity(4)), { energy: 4 }).dynamics),
    ).toBeLessThan(0.1);
  });

  it("hang on the notes before the half bar alone", () => {
    const chart = asking({ density: 4, energy: 5, drumDensity: 3 });
    const notes = evenly(10, 8);
    const later = [...notes, ...evenly(90, 12).filter(({ onset }) => onset >= 8 * 32)];
    expect(levelTilts(later, chart, 8 * 32)).toEqual(levelTilts(notes, chart, 8 * 32));
  });

  it("hold from one half bar to the next", () => {
    const chart = asking({ density: 4 });
    expect([0, 15, 16, 31, 32].map((step) => chart.metres.halfAt(step).start)).toEqual([
      0, 0, 16, 16, 32,
    ]);
  });
});

/** A model that plays some 25 notes a bar of middling loudness whatever came before. */
class SteadyDecoder extends FakeDecoder {
  readonly #logits = Float32Array.from({ length: VOCABULARY_SIZE }, (_, id) => {
    if (id < DURATION_BASE) return -0.6 * id;
    if (id >= NOTE_BASE) return 0;
    return -0.3 * (((id - DURATION_BASE) % VELOCITY_BUCKETS) - 4) ** 2;
  });

  override async decodeStep(...args: Parameters<FakeDecoder["decodeStep"]>) {
    await super.decodeStep(...args);
    return this.#logits.slice();
  }

  override async prefill(...args: Parameters<FakeDecoder["prefill"]>) {
    await super.prefill(...args);
    return this.#logits.slice();
  }
}

describe("music composed to levels, by a model that heeds none", () => {
  const BLOCK = 4;
  const LEVELS = [5, 2, 6, 3, 4, 2, 5, 3, 6, 4];
  const compose = async (asked: (level: number) => object) => {
    const written = Object.fromEntries(
      LEVELS.flatMap((level, block) =>
        Array.from({ length: BLOCK }, (_, at) => [block * BLOCK + at, asked(level)]),
      ),
    );
    const composer = new Composer(new SteadyDecoder({ conditioned: true }));
    composer.begin({
      ...{
        constraint: { lead: 0, drums: true },
        sampling: drawnAlike({ temperature: 1 }),
        seed: 3,
      },
      ...{ chart: { written }, escapesRuts: false },
    });
    const end = LEVELS.length * BLOCK * 32;
    const notes: Note[] = [];
    while (composer.onset < end) notes.push(await composer.next());
    return described(canonicalNotes(notes), new MetreMap(), LEVELS.length * BLOCK);
  };
  /** Means of what was played, by the level asked for, ascending; the first bar of a block is the change. */
  const means = (values: readonly number[]) =>
    [2, 3, 4, 5, 6].map((level) => {
      const own = values.filter(
        (_, bar) => LEVELS[Math.floor(bar / BLOCK)] === level && bar % BLOCK > 0,
      );
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    });
  const ascends = (values: readonly number[]) =>
    values.every((value, i) => i === 0 || value > values[i - 1]);

  it("is as dense as asked", async () => {
    const played = await compose((density) => ({ density, drumDensity: density }));
    expect(ascends(means(played.map(({ density = 0 }) => density)))).toBe(true);
  });

  it("is as loud as asked", async () => {
    const played = await compose((energy) => ({ energy }));
    const loud = means(played.map(({ energy = 0 }) => energy));
    expect(ascends(loud)).toBe(true);
    for (const [i, level] of [2, 3, 4, 5, 6].entries())
      expect(Math.abs(loud[i] - level)).toBeLessThan(0.8);
  });
});
