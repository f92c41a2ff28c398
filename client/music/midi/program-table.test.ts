import { describe, expect, it } from "vitest";
import { DRUMS, INSTRUMENTS, instrumentByName, WRITTEN_PROGRAM } from "#music/instrument.ts";
import { instrumentOfProgram, PROGRAM_RANGES } from "./program-table.ts";

const className = (program: number): string | undefined => {
  const instrument = instrumentOfProgram(program);
  return instrument === undefined ? undefined : INSTRUMENTS[instrument];
};

describe("the program table", () => {
  it("covers programs 0-127 once, in order, each with a reason", () => {
    let next = 0;
    for (const range of PROGRAM_RANGES) {
      expect(range.first).toBe(next);
      expect(range.last).toBeGreaterThanOrEqual(range.first);
      expect(range.reason).not.toBe("");
      next = range.last + 1;
    }
    expect(next).toBe(128);
  });

  it("never sends a melodic program to the drums", () => {
    for (let program = 0; program < 128; program++)
      expect(instrumentOfProgram(program)).not.toBe(DRUMS);
  });

  it.each([
    ["Piano", [0, 7, 8, 15]],
    ["Organ", [16, 23]],
    ["Guitar", [24, 31]],
    ["Bass", [32, 39]],
    ["Violin", [40, 41, 44, 45, 48, 51]],
    ["Cello", [42, 43]],
    ["Harp", [46]],
    ["Choir", [52, 54]],
    ["Trumpet", [56, 63]],
    ["Sax", [64, 71]],
    ["Flute", [72, 79]],
    [undefined, [47, 120, 127]],
  ] as const)("gives the contract's families: %s", (name, programs) => {
    for (const program of programs) expect(className(program)).toBe(name);
  });

  it("reads back as its own class what is written", () => {
    for (const [id, program] of WRITTEN_PROGRAM.entries()) {
      if (id !== DRUMS) expect(instrumentOfProgram(program)).toBe(id);
    }
  });

  it("finds instruments by name in any case", () => {
    expect(instrumentByName(" violin ")).toBe(3);
    expect(instrumentByName("kazoo")).toBeUndefined();
  });
});
