import { describe, expect, it } from "vitest";
import { parseMachine } from "#engine/jam/machine.ts";
import { ControlNames, machineOfPort } from "./control-names.ts";

const MACHINES = [
  "Arturia MiniFreak",
  "Akai Professional MPC Live",
  "Akai Professional MPC Live III",
  "Roland TR-8S",
  "Acme X1",
].map((name) => ({ id: name.toLowerCase(), name, drums: false }));

const knob = (number: number) => ({ kind: "controller", channel: 0, number }) as const;

describe("names of a controller's controls", () => {
  it.each([
    ["MiniFreak MIDI", "Arturia MiniFreak"],
    ["arturia minifreak MIDI 1", "Arturia MiniFreak"],
    ["MPC Live III Port 1", "Akai Professional MPC Live III"],
    ["TR-8S", "Roland TR-8S"],
    ["MiniFreakish", undefined],
    ["nanoKONTROL2", undefined],
    ["FX1 X1", undefined], // too short a name to be sure
  ])("of %s are those of %s", (port, name) => {
    expect(machineOfPort(port, MACHINES)?.name).toBe(name);
  });

  it("are asked for once, and again where they were refused", async () => {
    let asked = 0;
    let refuses = true;
    const names = new ControlNames({
      names: async () => {
        asked++;
        if (refuses) throw new Error("away");
        return MACHINES;
      },
      machine: async () => parseMachine({ controllers: [{ name: "Cutoff", controller: 74 }] }),
    });
    let told = 0;
    names.changed.on(() => told++);
    await expect(names.ask("MiniFreak")).rejects.toThrow("away");
    refuses = false;
    await names.ask("MiniFreak");
    await names.ask("MiniFreak");
    await names.ask("nanoKONTROL2");
    expect([asked, told]).toEqual([3, 1]);
    expect(names.of("MiniFreak", knob(74))).toBe("Cutoff");
    expect(names.of("MiniFreak", knob(75))).toBeUndefined();
    expect(names.of("MiniFreak", { kind: "pad", channel: 0, number: 74 })).toBeUndefined();
    expect(names.of("nanoKONTROL2", knob(74))).toBeUndefined();
  });
});
