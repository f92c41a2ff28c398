import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { findZone, parseKit } from "./kit.ts";

const folder = new URL("../../presets/kits/general/", import.meta.url);
const text = readFileSync(new URL("kit.json", folder), "utf8");
const kit = parseKit(text);

describe("the general kit", () => {
  it.each(kit.instruments.map((entry) => [entry.name, entry] as const))(
    "%s has exactly one zone for every pitch and velocity",
    (_, { zones }) => {
      const wrong: string[] = [];
      for (let pitch = 0; pitch < 128; pitch++) {
        for (let velocity = 1; velocity < 128; velocity++) {
          const serving = zones.filter(
            (zone) =>
              pitch >= zone.lowest &&
              pitch <= zone.highest &&
              velocity >= zone.softest &&
              velocity <= zone.loudest,
          );
          if (serving.length !== 1 || findZone(zones, pitch, velocity) !== serving[0]) {
            wrong.push(`pitch ${pitch} velocity ${velocity}: ${serving.length} zones`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(kit.instruments.map((entry) => [entry.name, entry] as const))(
    "%s's file is what the index says, its streams side by side, each an MPEG frame",
    (_, { file, bytes, zones }) => {
      const content = readFileSync(new URL(file, folder));
      expect(content.length).toBe(bytes);
      const digest = createHash("sha256").update(content).digest("hex");
      expect(file.split(".")[1]).toBe(digest.slice(0, 12));
      let next = 0;
      for (const zone of zones) {
        expect(zone.offset).toBe(next);
        next += zone.bytes;
        expect(content.readUInt16BE(zone.offset) & 0xffe0).toBe(0xffe0);
      }
      expect(next).toBe(bytes);
    },
  );

  it("loops what is held and lets ring what is struck", () => {
    const held = ["Violin", "Cello", "Trumpet", "Sax", "Flute", "Choir", "Organ"];
    for (const { name, zones } of kit.instruments) {
      for (const zone of zones) {
        expect(zone.loop !== undefined, name).toBe(held.includes(name));
        if (zone.loop) expect(zone.loop.end - zone.loop.start).toBeGreaterThan(kit.sampleRate / 2);
      }
    }
  });

  it("stretches no sample by more than three semitones inside the sampled range", () => {
    for (const { instrument, zones } of kit.instruments) {
      if (instrument === DRUMS) continue;
      for (const zone of zones) {
        if (zone.lowest > 0) expect(zone.rootPitch - zone.lowest).toBeLessThan(3);
        if (zone.highest < 127) expect(zone.highest - zone.rootPitch).toBeLessThan(3);
      }
    }
  });

  it("stays near 10 MB, its licence beside it", () => {
    const bytes = kit.instruments.reduce((sum, entry) => sum + entry.bytes, 0);
    expect(bytes).toBeLessThan(12e6);
    expect(statSync(new URL("LICENSE.txt", folder)).size).toBeGreaterThan(1000);
  });
});

describe("parseKit", () => {
  // biome-ignore lint/suspicious/noExplicitAny: anything may be wrong with it
  const broken = (change: (json: Record<string, any>) => void) => {
    const json = JSON.parse(text);
    change(json);
    return () => parseKit(JSON.stringify(json));
  };

  it("puts the instruments in the order of their ids", () => {
    const json = JSON.parse(text);
    json.instruments.reverse();
    const names = parseKit(JSON.stringify(json)).instruments.map(({ name }) => name);
    expect(names).toEqual(INSTRUMENTS);
  });

  it.each([
    ["no JSON", () => parseKit("{"), "not JSON"],
    ["a list", () => parseKit("[]"), "kit is not an object"],
    ["no name", broken((json) => delete json.name), "kit.name"],
    ["a missing instrument", broken((json) => json.instruments.pop()), "no Organ"],
    ["a path for a file", broken((json) => (json.instruments[0].file = "../a")), "plain file name"],
    ["bytes past the file", broken((json) => (json.instruments[1].zones[0].bytes = 1e9)), "bytes"],
    [
      "a loop that ends before it starts",
      broken((json) => (json.instruments[3].zones[0].loop.end = 1)),
      "loop.end",
    ],
    [
      "a pitch nobody serves",
      broken((json) => json.instruments[2].zones.pop()),
      "no zone for pitch 127",
    ],
    ["text for a number", broken((json) => (json.instruments[0].pan = "left")), "pan"],
  ])("refuses %s by name", (_, parse, message) => {
    expect(parse).toThrow(Failure);
    expect(parse).toThrow(message);
  });
});
