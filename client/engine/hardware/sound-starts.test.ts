import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { levelOf, soundStarts } from "./sound-starts.ts";

const RATE = 48_000;

/** What is heard of a sound, `time` seconds after it began. */
type Sound = (time: number) => number;
const tone =
  (hertz: number, decay: number): Sound =>
  (time) =>
    0.3 * Math.exp(-time / decay) * Math.sin(2 * Math.PI * hertz * time + 1);

/** Seconds of a room with noise of a power and a hum, in which sounds begin. */
function room(
  length: number,
  begins: readonly number[],
  sound: Sound,
  { noise = 0, hum = 0, seed = 1 } = {},
): Float32Array {
  const random = new Random(seed);
  const bell = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(6.2832 * random.next());
  return Float32Array.from({ length: length * RATE }, (_, at) => {
    const time = at / RATE;
    const sounds = begins.filter((begin) => begin <= time);
    return (
      sounds.reduce((sum, begin) => sum + sound(time - begin), 0) +
      noise * bell() +
      hum * Math.sin(2 * Math.PI * 50 * time)
    );
  });
}

/** Milliseconds by which what is found is off; throws where more or fewer are found. */
function errors(begins: readonly number[], heard: Float32Array): number[] {
  const starts = soundStarts(heard, RATE);
  expect(starts).toHaveLength(begins.length);
  return starts.map((at, index) => 1000 * (at - begins[index]));
}

const BEGINS = [0.3127, 0.9, 1.4563, 2.0731, 2.61];
const SOUNDS: readonly (readonly [string, Sound])[] = [
  ["a click", (time) => (time < 0.002 ? 0.5 * Math.sin(2 * Math.PI * 3000 * time) : 0)],
  ["a plucked bass", tone(82, 0.12)],
  ["a bell", tone(1200, 0.15)],
  ["a snare", (time) => 0.3 * Math.exp(-time / 0.08) * Math.sin(1e6 * Math.sin(1e4 * time))],
  ["a tone of 2 ms attack", (time) => Math.min(1, time / 0.002) * tone(440, 0.1)(time)],
];

describe("where sounds begin", () => {
  it.each(SOUNDS)("%s: within 2 ms in a quiet room and in noise with hum", (_, sound) => {
    for (const surroundings of [
      { noise: 1e-5 },
      { noise: 0.003, hum: 0.05, seed: 2 },
      { noise: 0.01, hum: 0.02, seed: 3 },
      { noise: 0.01, hum: 0.02, seed: 4 },
    ])
      for (const error of errors(BEGINS, room(3, BEGINS, sound, surroundings)))
        expect(Math.abs(error)).toBeLessThan(2);
  });

  it("hears none in noise alone, in silence, or in a hum", () => {
    for (const surroundings of [{}, { noise: 0.05 }, { hum: 0.3, noise: 0.001 }])
      expect(
        soundStarts(
          room(5, [], () => 0, surroundings),
          RATE,
        ),
      ).toEqual([]);
  });

  it("hears a sound over the ringing of the one before", () => {
    const begins = [0.5, 0.7, 0.9];
    for (const error of errors(begins, room(2, begins, tone(700, 0.06), { noise: 1e-3 })))
      expect(Math.abs(error)).toBeLessThan(2);
  });

  it("tells how loud a stretch is, without the hum", () => {
    const level = (surroundings: object) =>
      levelOf(room(1, [0], tone(800, 0.2), { noise: 1e-4, ...surroundings }), RATE);
    expect(level({ hum: 0.1 })).toBeCloseTo(level({}), 0);
    expect(
      levelOf(
        room(1, [], () => 0, { noise: 0.1 }),
        RATE,
      ),
    ).toBeCloseTo(-20, 0);
  });
});
