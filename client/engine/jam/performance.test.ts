import { describe, expect, it } from "vitest";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { COMMON_TIME, MetreMap } from "#music/metre.ts";
import { noteToken } from "#music/tokens/vocabulary.ts";
import { CHOICE_NAMES, CHOICES, USUAL_CHOICES } from "../compose/choices.ts";
import { CONTROLS, JAM_CONTROLS, usualValues } from "../compose/controls.ts";
import {
  type Controls,
  composesOtherwise,
  compositionSettings,
  firstPerformance,
  withControls,
  withStrip,
} from "./performance.ts";

const FIRST = firstPerformance({
  ...usualValues(JAM_CONTROLS),
  ...USUAL_CHOICES,
  lead: 0,
  drums: true,
  metre: COMMON_TIME,
  key: undefined,
});
const settingsOf = (performance: typeof FIRST) =>
  compositionSettings(performance, new MetreMap(), undefined);
const said = (performance: typeof FIRST) => {
  const { tempo: _, seed: __, ...composed } = settingsOf(performance);
  return JSON.stringify({
    ...composed,
    chart: { ...composed.chart, arranged: { ...composed.chart?.arranged, seed: 0 } },
  });
};

describe("a performance", () => {
  it.each(JAM_CONTROLS)("composes otherwise where %s moved, if that is declared", (name) => {
    const { lowest, highest, usual, retakes } = CONTROLS[name];
    const moved = withControls(FIRST, { [name]: usual === highest ? lowest : highest });
    expect(composesOtherwise(FIRST, moved)).toBe(retakes);
    expect(said(moved) !== said(FIRST)).toBe(retakes);
  });

  it.each(CHOICE_NAMES)(
    "composes otherwise where another %s is chosen that is more than a way to play",
    (name) => {
      const other = Object.keys(CHOICES[name].options).find(
        (option) => option !== CHOICES[name].usual,
      );
      const first = withControls(FIRST, name === "company" ? { hand: "Piano" } : {});
      const moved = withControls(first, { [name]: other } as Partial<Controls>);
      expect(composesOtherwise(first, moved)).toBe(CHOICES[name].retakes);
      expect(said(moved) !== said(first)).toBe(CHOICES[name].retakes);
      expect(withControls(moved, { [name]: "what is not offered" } as object)).toEqual(moved);
    },
  );

  it("gives each instrument its limits and its part of the pitches", () => {
    const limits = { register: [40, 52], polyphony: 1 } as const;
    const limited = withStrip(withStrip(FIRST, 2, { limits }), 8, { pitches: "upper" });
    expect(composesOtherwise(FIRST, limited)).toBe(true);
    expect(composesOtherwise(limited, withStrip(limited, 2, { limits: { ...limits } }))).toBe(
      false,
    );
    const { constraint, sampling } = settingsOf(limited);
    expect(constraint.parts?.[2]).toEqual(limits);
    expect(sampling.pitch.quantiles).toEqual([
      { first: noteToken(8, 0), length: 128, from: 0.5, to: 1 },
    ]);
    expect(settingsOf(FIRST).constraint.parts).toBeUndefined();
    expect(settingsOf(FIRST).sampling.pitch.quantiles).toBeUndefined();
  });

  it("gives each instrument its part of the velocities, and the others the band's, where they differ from it", () => {
    const soft = withControls(FIRST, { velocities: "lower" });
    const drummed = withStrip(soft, DRUMS, { velocities: "upper" });
    expect(composesOtherwise(soft, drummed)).toBe(true);
    const { velocities, dynamics } = settingsOf(drummed).sampling;
    expect(dynamics.quantiles).toBeUndefined();
    expect(velocities).toEqual(INSTRUMENTS.map((_, at) => (at === DRUMS ? [0.5, 1] : [0, 0.5])));
    for (const same of ["band", "lower"] as const) {
      const { sampling } = settingsOf(withStrip(soft, DRUMS, { velocities: same }));
      expect(sampling).toEqual(settingsOf(soft).sampling);
      expect(sampling.velocities).toBeUndefined();
    }
  });

  it("takes levels as whole numbers", () => {
    const { controls } = withControls(FIRST, { novelty: 1.4, energy: -7.5, temperature: 0.123 });
    expect([controls.novelty, controls.energy, controls.temperature]).toEqual([1, -3, 0.123]);
  });

  it("leaves the instrument of a human alone, unless it is a duet", () => {
    const played = withControls(FIRST, { hand: "Bass" });
    expect(settingsOf(played).constraint.silent).toEqual([2]);
    expect(settingsOf(withControls(played, { company: "duet" })).constraint.silent).toBeUndefined();
  });

  it("draws rhythm, dynamics and pitch each at its own warmth, never hotter than may be", () => {
    const warm = withControls(FIRST, {
      temperature: 1.6,
      rhythmWarmth: 0.5,
      pitchWarmth: 1.5,
      minP: 0.1,
    });
    const { rhythm, dynamics, pitch } = settingsOf(warm).sampling;
    expect([rhythm.temperature, dynamics.temperature, pitch.temperature]).toEqual([0.8, 1.6, 2]);
    expect(pitch.minP).toBe(0.1);
  });
});
