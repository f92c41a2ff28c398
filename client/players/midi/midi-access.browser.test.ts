import { afterEach, describe, expect, it } from "vitest";
import { remark } from "#base/remark.ts";
import { FakeMidiAccess, FakeMidiOutput } from "#players/testing/fake-midi.ts";
import { browserFamily, MidiAccess, type MidiSurroundings } from "./midi-access.ts";

const open: MidiAccess[] = [];
afterEach(async () => {
  for (const access of open.splice(0)) await access.dispose();
});

function accessTo(surroundings: Partial<MidiSurroundings>): MidiAccess {
  const access = new MidiAccess({
    isSecureContext: true,
    browser: "chromium",
    requestMIDIAccess: undefined,
    permission: async () => "denied",
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

  it("lists outputs as they come and go, and hands them out by name", async () => {
    const [first, second] = [new FakeMidiOutput("a"), new FakeMidiOutput("b")];
    const fake = new FakeMidiAccess(first, second);
    const access = granting(fake);
    await access.request();
    expect(access.state.outputs).toEqual([{ name: "Synth a" }, { name: "Synth b" }]);
    access.output("Synth b")?.send([0x90, 60, 100], { time: performance.now() + 50 });
    expect(second.received).toHaveLength(1);
    expect(second.received[0].time - second.received[0].sentAt).toBeGreaterThan(40);
    fake.outputs.delete("b");
    second.unplug();
    await expect.poll(() => access.state.outputs.map(({ name }) => name)).toEqual(["Synth a"]);
    fake.outputs.set("b", second);
    second.plugIn();
    await expect
      .poll(() => access.state.outputs.map(({ name }) => name))
      .toEqual(["Synth a", "Synth b"]);
    expect(access.output("Synth b")?.state).toBe("connected");
  });

  it("asks the browser again when it is asked again, and tells a closed question from a refusal", async () => {
    const fake = new FakeMidiAccess(new FakeMidiOutput("a"));
    let permission: PermissionState = "prompt";
    const access = accessTo({
      browser: "firefox",
      permission: async () => permission,
      requestMIDIAccess: async () => {
        if (permission === "granted") return fake as unknown as MIDIAccess;
        throw new DOMException("no", "NotAllowedError");
      },
    });
    await access.request();
    expect(access.state.message).toEqual(remark("midi-dismissed", {}));
    permission = "denied";
    await access.request();
    expect(access.state.message).toEqual(remark("midi-forbidden", { browser: "firefox" }));
    permission = "granted";
    await access.request();
    expect(access.state.status).toBe("granted");
  });

  it("asks of itself only where that was allowed before", async () => {
    const asked: string[] = [];
    const after = async (permission: PermissionState | "unknown") => {
      const access = accessTo({
        permission: async () => permission,
        requestMIDIAccess: async () => {
          asked.push(permission);
          return new FakeMidiAccess() as unknown as MIDIAccess;
        },
      });
      await access.requestIfAllowed();
      await access.dispose();
    };
    for (const permission of ["prompt", "denied", "unknown", "granted"] as const)
      await after(permission);
    expect(asked).toEqual(["granted"]);
  });
});

describe("browserFamily", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
      "chromium",
    ],
    ["Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "safari"],
    ["curl/8", "other"],
  ])("knows %s", (userAgent, family) => expect(browserFamily(userAgent)).toBe(family));
});
