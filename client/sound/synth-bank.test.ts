import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { renderStroke, strokeOf } from "./synth-drums.ts";
import { renderTone, TONES } from "./synth-tones.ts";
import { centsOff, decibels, onset, peak } from "./testing/spectrum.ts";

const RATE = 44_100;
const melodic = INSTRUMENTS.map((name, id) => [name, id] as const).filter(([, id]) => id !== DRUMS);

describe("synthesised tones", () => {
  it.each(melodic)("%s lies within a cent of its stated pitch", (_, instrument) => {
    for (const pitch of [42, 54, 66, 78]) {
      const tone = renderTone(TONES[instrument], pitch, RATE);
      expect(Math.abs(tone.rootPitch - pitch)).toBeLessThan(0.4);
      const cents = centsOff(tone.samples, RATE, tone.rootPitch, 2000, 16_384);
      expect(Math.abs(cents)).toBeLessThan(1);
    }
  });

  it.each(melodic)("%s loops without a step, or dies away", (_, instrument) => {
    const { samples, loop } = renderTone(TONES[instrument], 66, RATE);
    expect(peak(samples)).toBeLessThan(1);
    if (loop) {
      for (let frame = 0; frame < 50; frame++) {
        expect(samples[loop.end + frame]).toBeCloseTo(samples[loop.start + frame], 4);
      }
    } else {
      expect(Math.abs(samples[samples.length - 1])).toBeLessThan(1e-4);
    }
  });

  it("tells the instruments apart: no two have the same partials", () => {
    const partials = new Set(TONES.map((recipe) => JSON.stringify(recipe)));
    expect(partials.size).toBe(TONES.length);
  });
});

describe("synthesised drums", () => {
  it("starts within 3 ms, ends silent and repeats exactly, for every key", () => {
    for (let key = 27; key <= 87; key++) {
      const stroke = renderStroke(strokeOf(key), RATE, new Random(key, DRUMS));
      expect(onset(stroke, peak(stroke) / 3)).toBeLessThan(0.003 * RATE);
      expect(decibels(stroke.subarray(-200))).toBeLessThan(-45);
      const again = renderStroke(strokeOf(key), RATE, new Random(key, DRUMS));
      expect(again.every((sample, frame) => sample === stroke[frame])).toBe(true);
    }
  });
});
