import { OfflineContext } from "tone";
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { type Touch, UNTOUCHED } from "#engine/hardware/touch.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { Band } from "./band.ts";
import { parseKit } from "./kit.ts";
import { renderOffline } from "./offline.ts";
import { rehearsal } from "./rehearsal.ts";
import fingerprint from "./testing/fingerprint.json" with { type: "json" };
import { fingerprintOf, unlikeness } from "./testing/fingerprint.ts";
import { centsOff, decibels, onset, peak } from "./testing/spectrum.ts";

const RATE = 44_100;
const folder = "/presets/kits/general";
const fetchBytes = async (file: string) => (await fetch(`${folder}/${file}`)).arrayBuffer();
const kit = parseKit(await (await fetch(`${folder}/kit.json`)).text());

async function render(
  notes: readonly TimedNote[],
  length: number,
  { sampled = true, prepare = (_: Band): unknown => undefined } = {},
): Promise<AudioBuffer> {
  const native = new OfflineAudioContext(2, length * RATE, RATE);
  const band = new Band(new OfflineContext(native), kit, fetchBytes);
  const instruments = new Set(notes.map(({ instrument }) => instrument));
  if (sampled) await Promise.all([...instruments].map((instrument) => band.load(instrument)));
  prepare(band);
  return renderOffline(native, band, notes, () => undefined);
}

const note = (
  instrument: Instrument,
  pitch: number,
  start: number,
  length: number,
  velocity = 90,
) => {
  return { instrument, pitch, velocity, start: seconds(start), length: seconds(length) };
};

describe("the band in Chromium", () => {
  it("bends what a human holds, all of it or one pitch, and nothing else", async () => {
    const FLUTE = 8;
    const held = { ...note(FLUTE, 72, 0, 2), byHand: true as const };
    const bent = (band: Band) => {
      band.touch(FLUTE, { ...UNTOUCHED, bend: 2, pressure: 0.5 });
      band.touch(FLUTE, { ...UNTOUCHED, bend: 1 }, 71); // another's
    };
    const cents = async (played: TimedNote, pitch: number) => {
      const left = (await render([played], 3, { prepare: bent })).getChannelData(0);
      return Math.abs(centsOff(left.subarray(RATE / 10), RATE, pitch));
    };
    expect(await cents(held, 74)).toBeLessThan(10);
    expect(await cents(note(FLUTE, 72, 0, 2), 72)).toBeLessThan(10);
  });

  it("makes one held pitch louder and brighter, and not the other", async () => {
    const TRUMPET = 6;
    const [low, high] = [60, 79].map((pitch) => ({
      ...note(TRUMPET, pitch, 0, 1),
      byHand: true as const,
    }));
    const heard = async (played: TimedNote, touch: Partial<Touch>) => {
      const prepare = (band: Band) => {
        for (const each of [{ ...low, start: seconds(2) }, played]) band.play(each);
        band.touch(TRUMPET, { ...UNTOUCHED, ...touch }, low.pitch);
      };
      const left = (await render([], 1, { prepare })).getChannelData(0);
      const slopes = left.map((sample, at) => sample - (left[at - 1] ?? 0));
      return { level: decibels(left), brightness: decibels(slopes) - decibels(left) };
    };
    const usual = await heard(low, {});
    const pressed = await heard(low, { pressure: 1 });
    expect(pressed.level - usual.level).toBeCloseTo(20 * Math.log10(1.6), 0);
    const bright = await heard(low, { timbre: 1 });
    const dark = await heard(low, { timbre: -1 });
    expect(bright.brightness).toBeGreaterThan(usual.brightness + 1);
    expect(dark.brightness).toBeLessThan(usual.brightness - 1);
    expect(await heard(high, { pressure: 1, timbre: 1 })).toEqual(await heard(high, {}));
  });

  it("sounds as it does in Node: the fingerprint of a rendering there", async () => {
    const rendered = await render(rehearsal(4), 6);
    const [left, right] = [0, 1].map((channel) => rendered.getChannelData(channel));
    const { samples, levels } = unlikeness(fingerprintOf(left, right), fingerprint);
    expect(samples).toBeLessThan(-60); // decibels of the difference, of the signal
    expect(levels).toBeLessThan(0.1); // decibels, in any twentieth of a second
  });

  it.each(INSTRUMENTS.map((name, id) => [name, id] as const).filter(([, id]) => id !== DRUMS))(
    "%s is in tune, sampled and synthesised",
    async (_, instrument) => {
      const pitch = [60, 52, 40, 74, 48, 62, 67, 62, 76, 0, 62, 60][instrument];
      for (const sampled of [true, false]) {
        const rendered = await render([note(instrument, pitch, 0, 2)], 3, { sampled });
        const left = rendered.getChannelData(0);
        expect(peak(left)).toBeLessThan(0.7);
        expect(decibels(left.subarray(0, RATE))).toBeGreaterThan(-48);
        expect(Math.abs(centsOff(left, RATE, pitch))).toBeLessThan(10);
        expect(onset(left, peak(left) / 20) / RATE).toBeLessThan(0.05);
      }
    },
  );

  it("holds a note for minutes by its loop without a hole", async () => {
    const rendered = await render([note(3, 69, 0, 30)], 32);
    const left = rendered.getChannelData(0);
    for (let second = 1; second < 30; second++) {
      const level = decibels(left.subarray(second * RATE, (second + 0.25) * RATE));
      expect(level).toBeGreaterThan(-45);
    }
    expect(decibels(left.subarray(31.5 * RATE))).toBeLessThan(-50);
  });

  it("mutes, solos, sets levels and pans", async () => {
    const notes = [note(0, 60, 0, 1), note(8, 72, 0, 1)];
    const level = async (prepare: (band: Band) => void, channel = 0) =>
      decibels((await render(notes, 2, { prepare })).getChannelData(channel));
    const both = await level(() => undefined);
    const muted = await level((band) => {
      band.strip(0).muted = true;
      band.strip(8).muted = true;
    });
    expect(muted).toBeLessThan(-150);
    const soloed = await level((band) => {
      band.strip(8).soloed = true;
    });
    const other = await level((band) => {
      band.strip(0).muted = true;
    });
    expect(soloed).toBeCloseTo(other, 3);
    const softer = await level((band) => {
      for (const instrument of [0, 8]) band.strip(instrument).level -= 6;
    });
    expect(both - softer).toBeCloseTo(6, 1);
    const hardLeft = (band: Band) => {
      for (const instrument of [0, 8]) {
        band.strip(instrument).pan = -1;
        band.strip(instrument).reverb = 0;
      }
    };
    expect((await level(hardLeft, 0)) - (await level(hardLeft, 1))).toBeGreaterThan(60);
  });

  it("steals voices over the cap and never clips, whatever is thrown at it", async () => {
    const notes: TimedNote[] = [];
    for (let instrument = 0; instrument < 12; instrument++) {
      for (let index = 0; index < 60; index++) {
        notes.push(note(instrument, 36 + index, index * 0.02, 3, 127));
      }
    }
    const bands: Band[] = [];
    const rendered = await render(notes, 3, { prepare: (band) => bands.push(band) });
    for (const channel of [0, 1]) {
      const largest = peak(rendered.getChannelData(channel));
      expect(largest).toBeGreaterThan(0.7);
      expect(largest).toBeLessThan(1);
    }
  });
});
