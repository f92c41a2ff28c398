import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import { DRUMS, INSTRUMENTS, type Instrument, type InstrumentName } from "#music/instrument.ts";
import { RENDER_TAIL } from "#sound/offline.ts";
import { rehearsal } from "#sound/rehearsal.ts";
import { centsOff, decibels, onset, peak } from "#sound/testing/spectrum.ts";
import { partsOf } from "./audio.ts";
import { type RenderedAudio, type RenderOptions, renderNotes } from "./render-notes.ts";

const kitFolder = fileURLToPath(new URL("../../presets/kits/general", import.meta.url));
const render = (options: Omit<RenderOptions, "kitFolder">) =>
  renderNotes({ kitFolder, ...options });
const note = (
  instrument: Instrument,
  pitch: number,
  start: number,
  length: number,
  velocity = 90,
) => {
  return { instrument, pitch, velocity, start: seconds(start), length: seconds(length) };
};

/** Pitches across what each melodic instrument is written for. */
const PITCHES: Readonly<Record<string, readonly number[]>> = {
  Piano: [36, 50, 60, 71, 84],
  Guitar: [40, 53, 60, 71],
  Bass: [28, 35, 41, 48],
  Violin: [55, 62, 73, 86],
  Cello: [36, 46, 57, 69],
  Harp: [36, 50, 62, 74],
  Trumpet: [54, 62, 69, 79],
  Sax: [50, 57, 66, 77],
  Flute: [60, 69, 78, 90],
  Choir: [43, 52, 62, 74],
  Organ: [36, 50, 60, 75],
};
const RATE = 44_100;
const SLOT = 3; // seconds a note: those it is held, and at least 1.2 to die away
const HELD = 1.8; // beyond what `centsOff` listens to
const VELOCITIES = [45, 105];
const KEYS = [36, 38, 42, 49]; // kick, snare, hat and crash

/**
 * Every note that is listened to by itself, in one rendering, since beginning one costs as much as a minute of sound:
 * a slot for each pitch of each instrument, one for each velocity, and then a second for each drum.
 */
const slots = Object.entries(PITCHES).flatMap(([name, pitches]) => [
  ...pitches.map((pitch) => ({ name, pitch, velocity: 90 })),
  ...VELOCITIES.map((velocity) => ({ name, pitch: pitches[2], velocity })),
]);
const drumsFrom = slots.length * SLOT;

describe("rendered instruments", () => {
  let audio: RenderedAudio;
  beforeAll(async () => {
    const melodic = slots.map(({ name, pitch, velocity }, slot) =>
      note(INSTRUMENTS.indexOf(name as InstrumentName), pitch, slot * SLOT, HELD, velocity),
    );
    const drums = KEYS.map((key, index) => note(DRUMS, key, drumsFrom + 0.5 + index, 0.1));
    audio = await render({ notes: [...melodic, ...drums] });
  }, 300_000);

  /** The slots in which an instrument is alone, in the order of `slots`. */
  const heard = (name: string, velocities: readonly number[]) =>
    [...slots.entries()]
      .filter(([, slot]) => slot.name === name && velocities.includes(slot.velocity))
      .map(([slot, { pitch }]) => {
        const [from, to] = [slot * SLOT * RATE, (slot + 1) * SLOT * RATE];
        return {
          pitch,
          left: audio.left.subarray(from, to),
          right: audio.right.subarray(from, to),
        };
      });

  it.each(Object.keys(PITCHES))("%s sounds within 10 cents of every pitch", (name) => {
    const cents = heard(name, [90]).map(({ pitch, left, right }) => {
      expect(peak(left, right)).toBeLessThan(0.7);
      expect(decibels(left.subarray(0, RATE))).toBeGreaterThan(-48);
      expect(onset(left, peak(left) / 20) / RATE).toBeLessThan(0.05);
      return centsOff(left, RATE, pitch);
    });
    expect(cents).toHaveLength(PITCHES[name].length);
    expect(Math.max(...cents.map(Math.abs)), JSON.stringify(cents)).toBeLessThan(10);
  });

  it("drums strike on time: kick, snare, hat and crash within 5 ms", () => {
    for (const index of KEYS.keys()) {
      const from = (drumsFrom + 0.3 + index) * RATE;
      const own = audio.left.subarray(from, from + RATE / 2);
      const before = decibels(own.subarray(0, 0.19 * RATE));
      const after = decibels(own.subarray(0.2 * RATE, 0.3 * RATE));
      expect(after).toBeGreaterThan(-45);
      expect(after - before).toBeGreaterThan(8);
      const at = onset(own, peak(own) / 4) / RATE;
      expect(at).toBeGreaterThan(0.199);
      expect(at).toBeLessThan(0.205);
    }
  });

  it("louder velocities are louder, and equal ones nearly equal among instruments", () => {
    const levels = Object.keys(PITCHES).map((name) => {
      const [quiet, full] = heard(name, VELOCITIES).map(({ left, right }) =>
        Math.max(...[left, right].map((channel) => decibels(channel.subarray(0, 0.8 * RATE)))),
      );
      expect(full - quiet, name).toBeGreaterThan(6);
      return full;
    });
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(14);
  });
});

describe("renderNotes", () => {
  it("renders one and a half rounds of the whole band unclipped and complete", async () => {
    const progress: number[] = [];
    const notes = rehearsal(12);
    const audio = await render({ notes, onProgress: (share) => progress.push(share) });
    expect(audio.seconds).toBeCloseTo(12 + RENDER_TAIL, 2);
    const largest = peak(audio.left, audio.right);
    expect(largest).toBeGreaterThan(0.3);
    expect(largest).toBeLessThan(1);
    for (let second = 0; second < 11; second++) {
      expect(decibels(audio.left.subarray(second * RATE, (second + 1) * RATE))).toBeGreaterThan(
        -35,
      );
    }
    expect(decibels(audio.left.subarray(-RATE / 10))).toBeLessThan(-75);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(progress.length).toBeGreaterThan(12);
  }, 300_000);

  it("gives the same samples twice, in whatever order the notes come", async () => {
    const notes = rehearsal(2);
    const once = await render({ notes, seconds: 2 });
    const again = await render({ notes: [...notes].reverse(), seconds: 2 });
    expect(Buffer.compare(Buffer.from(once.left.buffer), Buffer.from(again.left.buffer))).toBe(0);
  });

  it("makes stems that are each alone and add up to the mix while the limiter rests", async () => {
    const notes = rehearsal(3, ["Piano", "Drums"]);
    const song = { notes, seconds: 4, title: "Two", remarks: [] };
    const [mix, ...parts] = partsOf(song, true);
    expect(parts.map(({ instrument }) => instrument)).toEqual([0, DRUMS]);
    const { left } = await render({ notes: mix.notes, seconds: song.seconds });
    const sum = new Float32Array(left.length);
    for (const part of parts) {
      const stem = await render({ notes: part.notes, seconds: song.seconds });
      expect(decibels(stem.left)).toBeGreaterThan(-60);
      for (let frame = 0; frame < sum.length; frame++) sum[frame] += stem.left[frame];
    }
    for (let frame = 0; frame < sum.length; frame++) sum[frame] -= left[frame];
    expect(decibels(sum)).toBeLessThan(-100);
  });

  // A quantum is 128 frames: a suspension in the last one, or after it, would end the engine.
  it.each([1, 128, 129])("ends %i frames after a whole second, as asked", async (frames) => {
    const notes = [note(0, 60, 0, 1e-7)];
    const { left, right } = await render({ notes, seconds: 1 + frames / RATE });
    expect(left.length).toBe(RATE + frames);
    expect(right.length).toBe(RATE + frames);
    expect(peak(left)).toBeGreaterThan(0);
  });

  it("renders at 48 kHz in tune", async () => {
    const notes = [note(8, 72, 0, 2)];
    const { left } = await render({ notes, seconds: 2, sampleRate: 48_000 });
    expect(Math.abs(centsOff(left, 48_000, 72))).toBeLessThan(10);
  });

  it("stops at the first progress when aborted there, with the signal's reason", async () => {
    const abort = new AbortController();
    let reports = 0;
    const rendering = render({
      notes: rehearsal(60, ["Piano"]),
      signal: abort.signal,
      onProgress: () => {
        reports++;
        abort.abort();
      },
    });
    const reason = await rendering.catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(DOMException);
    expect(reason).toBe(abort.signal.reason);
    const early = new AbortController();
    early.abort(new Error("too late"));
    await expect(render({ notes: [], signal: early.signal })).rejects.toThrow("too late");
    expect(reports).toBe(1);
  });

  it("says which kit is missing", async () => {
    const rendering = renderNotes({ notes: rehearsal(1), kitFolder: "/no/such/kit" });
    await expect(rendering).rejects.toThrow(Failure);
    await expect(renderNotes({ notes: [], kitFolder: "/no/such/kit" })).rejects.toThrow(
      "/no/such/kit",
    );
  });
});
