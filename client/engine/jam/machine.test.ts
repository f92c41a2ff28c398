import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DRUMS } from "#music/instrument.ts";
import { type MachineName, parseMachine, routeFor } from "./machine.ts";
import { midiRoute } from "./route.ts";

const FOLDER = "presets/machines";
const read = (file: string) => JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8"));
const INDEX: readonly MachineName[] = read("index.json");

describe("presets/machines", () => {
  it("lists every file, and each names its source and has nothing that is no MIDI", () => {
    const files = readdirSync(FOLDER).filter((file) => file !== "index.json");
    expect(INDEX.map(({ id }) => `${id}.json`).sort()).toEqual(files.sort());
    expect(INDEX.length).toBeGreaterThan(150);
    for (const { id, name, drums } of INDEX) {
      const json = read(`${id}.json`);
      const machine = parseMachine(json);
      expect(machine.name).toBe(name);
      expect(json.source.documents.length, id).toBeGreaterThan(0);
      expect(machine.controllers.length, id).toBe(json.controllers.length);
      expect(machine.drumKeys !== undefined, id).toBe(drums);
    }
  });

  it("puts kick, snare and hats of a drum machine on its own keys", () => {
    const { drumKeys } = parseMachine(read("elektron-machinedrum.json"));
    expect([36, 38, 42, 46].map((pitch) => drumKeys?.[pitch])).toEqual([36, 38, 50, 52]);
  });
});

describe("routeFor", () => {
  const route = midiRoute(DRUMS, "Desk", { channel: 3 });

  it("takes the machine's keys and range, and leaves port and channel", () => {
    const machine = parseMachine(read("roland-tr-08.json"));
    expect(routeFor(machine, DRUMS, route)).toMatchObject({
      ...{ port: "Desk", channel: 3, machine: "Roland TR-08", program: undefined },
      drumKeys: machine.drumKeys,
    });
    const minitaur = parseMachine(read("moog-minitaur.json"));
    expect(routeFor(minitaur, 2, midiRoute(2, "Desk"))).toMatchObject({
      ...{ lowest: 0, highest: 72, drumKeys: undefined },
    });
  });

  it("gives notes a channel each for MPE, and takes it back for what plays one", () => {
    const mpe = routeFor(parseMachine(read("mpe.json")), 2, midiRoute(2, "Desk"));
    expect(mpe).toMatchObject({ channel: 0, noteChannels: 15 });
    const osmose = parseMachine(read("expressive-e-osmose.json"));
    expect(routeFor(osmose, 2, mpe)).toMatchObject({ noteChannels: 15 });
    const each = parseMachine(read("channel-each.json"));
    expect(routeFor(each, 2, mpe).noteChannels).toBe(0);
  });

  it("asks for programs of General MIDI alone", () => {
    const general = parseMachine(read("general-midi.json"));
    expect(routeFor(general, 2, midiRoute(2, "Desk")).program).toBe(32);
    const each = parseMachine(read("channel-each.json"));
    expect(routeFor(each, 2, midiRoute(2, "Desk")).program).toBeUndefined();
  });
});
