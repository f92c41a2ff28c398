import { describe, expect, it } from "vitest";
import { FakeMidiAccess, FakeMidiOutput } from "#players/testing/fake-midi.ts";
import type { MidiSurroundings } from "./midi-access.ts";
import { SysexAccess } from "./sysex-access.ts";

function accessTo(answer: MidiSurroundings["requestMIDIAccess"]) {
  return new SysexAccess({
    isSecureContext: true,
    browser: "firefox",
    requestMIDIAccess: answer,
    permission: async () => "prompt",
  });
}

describe("system exclusive messages", () => {
  it("are asked for apart, and sent to the output of a name", async () => {
    const grid = new FakeMidiOutput("grid", () => 0);
    const asked: unknown[] = [];
    const access = accessTo(async (options) => {
      asked.push(options);
      return new FakeMidiAccess(grid) as unknown as MIDIAccess;
    });
    access.send(grid.name, [0xf0, 0xf7]); // nobody has asked yet
    await access.request();
    await access.request();
    expect(asked).toEqual([{ sysex: true }]);
    access.send(grid.name, [0xf0, 0xf7]);
    access.send("Elsewhere", [0xf0, 0xf7]);
    expect(grid.received.map(({ data }) => data)).toEqual([[0xf0, 0xf7]]);
    grid.unplug();
    expect(() => access.send(grid.name, [0xf0, 0xf7])).not.toThrow();
  });

  it("say so where they are refused, and are asked for again", async () => {
    let asked = 0;
    const access = accessTo(async () => {
      asked++;
      throw new DOMException("", "NotAllowedError");
    });
    await access.request();
    expect(access.state).toMatchObject({
      ...{
        status: "refused",
        message: { code: "sysex-refused", parameters: { browser: "firefox" } },
      },
    });
    await access.request();
    expect(asked).toBe(2);
    const missing = accessTo(undefined);
    await missing.request();
    expect(missing.state.status).toBe("refused");
  });
});
