import { describe, expect, it } from "vitest";
import { INSTRUMENTS, WRITTEN_PROGRAM } from "#music/instrument.ts";
import { PROGRAM_NAMES } from "./program-names.ts";

describe("the programs of General MIDI", () => {
  it("are 128, and those that are written are called as their instruments are", () => {
    expect(PROGRAM_NAMES).toHaveLength(128);
    for (const [instrument, name] of INSTRUMENTS.entries())
      if (name !== "Drums") expect(PROGRAM_NAMES[WRITTEN_PROGRAM[instrument]]).toContain(name);
    expect(PROGRAM_NAMES[127]).toBe("Gunshot");
  });
});
