import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { keyName, parseKey } from "#music/key.ts";
import { metreName } from "#music/metre.ts";
import { withControls, withStrip } from "./performance.ts";
import { performanceOf } from "./scene.ts";

const FOLDER = new URL("../../../presets/scenes/", import.meta.url);
const FILES = readdirSync(FOLDER);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));

const NOW = withStrip(
  withControls(fakeJam().session.performance, { seed: 77, temperature: 0.3, novelty: 3 }),
  2,
  { level: 0.3, pan: -0.5, limits: { polyphony: 1 } },
);

describe("scenes", () => {
  it("are a dozen at least, each with a name of its own", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(12);
    expect(new Set(FILES.map((file) => read(file).name)).size).toBe(FILES.length);
  });

  it.each(FILES)("%s says what is played, and all of it is understood", (file) => {
    const { name, lead, drums, band, key, metre = "4/4", ...rest } = read(file);
    expect(name).toMatch(/^[A-Z]/);
    const { controls, strips } = performanceOf(read(file), NOW);
    expect(INSTRUMENTS[controls.lead]).toBe(lead);
    expect(controls.drums).toBe(drums);
    expect(controls.key && keyName(controls.key)).toBe(keyName(parseKey(key)));
    expect(metreName(controls.metre)).toBe(metre);
    expect(controls).toMatchObject(rest);
    const playing = strips.filter(({ enabled, instrument }) => enabled && instrument !== DRUMS);
    expect(new Set(playing.map(({ instrument }) => INSTRUMENTS[instrument]))).toEqual(
      new Set(band),
    );
  });

  it("leave seed and mix alone, and forget what was set before", () => {
    const { controls, strips } = performanceOf(read("waltz.json"), NOW);
    expect(controls).toMatchObject({ seed: 77, temperature: 1, novelty: 0 });
    expect(strips[2]).toMatchObject({ level: 0.3, pan: -0.5, limits: {}, enabled: false });
  });

  it.each([
    [null, /no object/],
    [{ lead: "Piano", band: ["Piano"], loud: 1 }, /"loud" is nothing that a scene says/],
    [{ lead: "Kazoo", band: ["Piano"] }, /"Kazoo" is none/],
    [{ lead: "Piano", band: ["Bass"] }, /lead is not in its band/],
    [{ lead: "Piano", band: ["Piano"], tempo: 4000 }, /tempo must be a number from/],
    [{ lead: "Piano", band: ["Piano"], grid: "1/5" }, /grid must be one of 1\/4/],
    [{ lead: "Piano", band: ["Piano"], key: "H major" }, /"H major" is not known/],
  ])("that are broken say how: %j", (scene, message) => {
    expect(() => performanceOf(scene, NOW)).toThrow(message);
  });
});
