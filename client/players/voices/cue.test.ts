import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import { Cue, type CueVoices } from "./cue.ts";

class Voices extends RecordingPlayer implements CueVoices {
  now = seconds(50);
  readonly loaded: number[] = [];
  unlocked = 0;
  disposed = false;

  async load(instrument: number): Promise<void> {
    this.loaded.push(instrument);
  }

  async unlock(): Promise<void> {
    this.unlocked++;
  }

  override dispose(): void {
    this.disposed = true;
  }
}

const device = (deviceId: string, label: string, kind = "audiooutput") =>
  ({ deviceId, label, kind }) as MediaDeviceInfo;
const OUTPUTS = [
  device("default", "Default"),
  device("a", "Speakers"),
  device("b", "Headphones"),
  device("c", "Microphone", "audioinput"),
];

function cueOf(refused = false) {
  const opened: [string, Voices][] = [];
  let named = false;
  let stopped = 0;
  const cue = new Cue({
    open: (sink) => {
      const voices = new Voices();
      opened.push([sink, voices]);
      return voices;
    },
    devices: {
      enumerateDevices: async () =>
        named ? OUTPUTS : OUTPUTS.map(({ deviceId, kind }) => device(deviceId, "", kind)),
      getUserMedia: async () => {
        if (refused) throw new DOMException("no", "NotAllowedError");
        named = true;
        return { getTracks: () => [{ stop: () => stopped++ }] } as unknown as MediaStream;
      },
    },
  });
  return { cue, opened, stopped: () => stopped };
}

const note = (onset: number, instrument = 3) => ({
  ...{ instrument, pitch: 60, velocity: 90, onset, duration: 4 },
});

describe("Cue", () => {
  it("names the other outputs once it may, and lets the microphone go", async () => {
    const { cue, stopped } = cueOf();
    await cue.request();
    expect(cue.state.outputs).toEqual([
      { id: "a", name: "Speakers" },
      { id: "b", name: "Headphones" },
    ]);
    expect(stopped()).toBe(1);
    await cue.request();
    expect(stopped()).toBe(1);
  });

  it("says what to do where it may not", async () => {
    await expect(cueOf(true).cue.request()).rejects.toThrow(/outputs-unnamed/);
  });

  it("plays on the output that is chosen, from the beginning, and one thing at a time", async () => {
    const { cue, opened } = cueOf();
    await cue.choose("b");
    const [[sink, voices]] = opened;
    expect([sink, voices.unlocked]).toEqual(["b", 1]);
    const run = (duration: number) => {
      for (const end = voices.now + duration; voices.now < end; ) {
        voices.now = seconds(voices.now + 0.03);
        cue.tick();
      }
    };
    await cue.listen([note(64), note(72, 5)], 64, 120);
    run(3);
    expect(voices.played.map(({ start }) => start - 50)).toEqual(
      [0.1, 0.6].map((at) => expect.closeTo(at, 6)),
    );
    expect(voices.loaded).toEqual([3, 5]);
    await cue.listen([note(64), note(640)], 64, 120);
    run(0.5);
    await cue.listen([note(64)], 64, 120);
    expect(voices.silences).toBe(1);
    run(40);
    expect(voices.played).toHaveLength(4);
    await cue.choose(undefined);
    expect(voices.disposed).toBe(true);
    await cue.listen([note(64)], 64, 120);
    cue.tick();
    expect(voices.played).toHaveLength(4);
    expect(cue.state.chosen).toBeUndefined();
  });
});
