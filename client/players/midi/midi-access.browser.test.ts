import { afterEach, describe, expect, it } from "vitest";
import { FakeMidiAccess, FakeMidiOutput } from "#players/testing/fake-midi.ts";
import { MidiAccess, type MidiSurroundings } from "./midi-access.ts";

const open: MidiAccess[] = [];
afterEach(async () => {
  for (const access of open.splice(0)) await access.dispose();
});

function accessTo(surroundings: Partial<MidiSurroundings>): MidiAccess {
  const access = new MidiAccess({
    isSecureContext: true,
    requestMIDIAccess: undefined,
    ...surroundings,
  });
  open.push(access);
  return access;
}

const granting = (fake: FakeMidiAccess) =>
  accessTo({
    requestMIDIAccess: async () => fake as unknown as MIDIAccess,
  });
const refusing = (name: string) =>
  accessTo({
    requestMIDIAccess: async () => {
      throw new DOMException("no", name);
    },
  });

describe("MidiAccess", () => {
  it.each([
    ["missing", accessTo({}), "midi-missing"],
    ["missing", accessTo({ isSecureContext: false }), "midi-insecure"],
    ["refused", refusing("NotAllowedError"), "midi-forbidden"],
    ["refused", refusing("SecurityError"), "midi-forbidden"],
    ["refused", refusing("InvalidStateError"), "midi-held"],
    ["refused", refusing("NotSupportedError"), "midi-unsupported"],
    ["refused", refusing("OddError"), "midi-failed"],
  ] as const)("is %s and says why (%#)", async (status, access, code) => {
    const seen: string[] = [];
    access.changed.on((state) => seen.push(state.status));
    await access.request();
    expect(access.state.status).toBe(status);
    expect(access.state.message?.code).toBe(code);
    expect(seen.at(-1)).toBe(status);
    expect(access.output("a")).toBeUndefined();
  });

  it("says so, too, when the browser itself refuses (headless Chromium does)", async () => {
    const access = new MidiAccess();
    open.push(access);
    await access.request();
    if (access.state.status === "granted") return; // a machine with MIDI
    expect(access.state.message?.code).toMatch(/^midi-/);
  });

  it("lists outputs as they come and go, and hands them out by id", async () => {
    const [first, second] = [new FakeMidiOutput("a"), new FakeMidiOutput("b")];
    const fake = new FakeMidiAccess(first, second);
    const access = granting(fake);
    await access.request();
    expect(access.state.outputs).toEqual([
      { id: "a", name: "Synth a" },
      { id: "b", name: "Synth b" },
    ]);
    access.output("b")?.send([0x90, 60, 100], { time: performance.now() + 50 });
    expect(second.received).toHaveLength(1);
    expect(second.received[0].time - second.received[0].sentAt).toBeGreaterThan(40);
    fake.outputs.delete("b");
    second.unplug();
    await expect.poll(() => access.state.outputs.map(({ id }) => id)).toEqual(["a"]);
    fake.outputs.set("b", second);
    second.plugIn();
    await expect.poll(() => access.state.outputs.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(access.output("b")?.name).toBe("Synth b");
  });
});
