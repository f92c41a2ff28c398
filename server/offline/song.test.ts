/** A MIDI file as it is rendered: its own ticks, nothing on a grid, what its controllers do, what is left out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import { renderNotes } from "./render-notes.ts";
import { readSong, type Song } from "./song.ts";

const CASES = new URL("../../client/music/testing/cases/", import.meta.url);
const KIT = fileURLToPath(new URL("../../presets/kits/general", import.meta.url));
const RATE = 44_100;

const songOf = (file: string): Song =>
  readSong(new Uint8Array(readFileSync(new URL(file, CASES))), { seconds: 600, notes: 50_000 });

const startsOf = (file: string): number[] =>
  songOf(file).notes.map(({ start }) => Math.round(start * 10_000) / 10_000);

const instrumentsOf = (song: Song): string[] =>
  song.notes.map(({ instrument }) => INSTRUMENTS[instrument]);

/** Root mean square of a stretch of the left channel, in seconds. */
function loudness(samples: Float32Array, from: number, to: number): number {
  const part = samples.subarray(from * RATE, to * RATE);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

/** The strongest frequency near one of some, hertz, by correlation with each. */
function strongest(samples: Float32Array, from: number, to: number, candidates: number[]): number {
  const part = samples.subarray(from * RATE, to * RATE);
  const strengthOf = (hertz: number): number => {
    let [real, imaginary] = [0, 0];
    for (const [frame, sample] of part.entries()) {
      const angle = (2 * Math.PI * hertz * frame) / RATE;
      real += sample * Math.cos(angle);
      imaginary += sample * Math.sin(angle);
    }
    return Math.hypot(real, imaginary);
  };
  return candidates.reduce((best, hertz) => (strengthOf(hertz) > strengthOf(best) ? hertz : best));
}

describe("a file's notes in time", () => {
  it("keeps triplets even", () => {
    const starts = startsOf("52-triplets.mid");
    expect(starts).toEqual(starts.map((_, index) => Math.round((index / 6) * 10_000) / 10_000));
  });

  it("keeps the spread of a strummed chord", () => {
    const milliseconds = startsOf("53-strummed-chord-12ms-apart.mid").map((s) =>
      Math.round(s * 1000),
    );
    expect(milliseconds).toHaveLength(6);
    for (const [index, at] of [0, 9, 22, 35, 50, 64].entries()) {
      expect(Math.abs(milliseconds[index] - at)).toBeLessThanOrEqual(4);
    }
  });

  it("keeps a performance recorded at a nominal tempo", () => {
    const starts = startsOf("55-recorded-at-nominal-30-bpm.mid");
    expect(starts).toHaveLength(16);
    const gaps = starts.slice(1).map((start, index) => start - starts[index]);
    for (const gap of gaps) expect(Math.abs(gap - 0.1)).toBeLessThan(0.03);
  });

  it("keeps every hit of a roll, and both notes of a unison", () => {
    const hits = startsOf("54-snare-roll-64ths.mid");
    expect(hits).toHaveLength(64);
    expect(hits[63]).toBeLessThan(2);
    expect(startsOf("56-unison-of-two-tracks.mid")).toHaveLength(16);
  });

  it("lets one key sound on two channels at once", () => {
    const [first, second] = songOf("32-same-key-two-channels.mid").notes;
    expect([first.start, first.length, second.start, second.length]).toEqual([0, 0.5, 0.25, 0.75]);
    expect(first.expression).not.toBe(second.expression);
  });

  it("follows the tempo map", () => {
    const { seconds } = songOf("46-tempo-changes.mid");
    expect(seconds).toBeCloseTo(10.333, 3);
  });

  it("gives each note the instrument of its own program", () => {
    const played = instrumentsOf(songOf("40-solo-of-9-percent.mid"));
    expect(played.slice(-9)).toEqual(new Array(9).fill("Violin"));
  });

  it("says what is left out", () => {
    expect(songOf("43-timpani-part.mid").remarks).toEqual([
      "10 notes of sounds that none of the twelve instruments has are left out.",
    ]);
    const muted = songOf("44-muted-by-volume-0.mid");
    expect(new Set(instrumentsOf(muted))).toEqual(new Set(["Violin"]));
    expect(muted.remarks).toEqual(["8 notes of channels at volume 0 are left out."]);
  });
});

describe("a note shorter than a frame", () => {
  it("is struck all the same, and stops no audio engine", async () => {
    const { notes, seconds } = songOf("90-note-of-under-a-microsecond.mid");
    expect(notes).toHaveLength(1);
    expect(notes[0].length).toBeGreaterThanOrEqual(1 / RATE);
    const { left } = await renderNotes({ notes, seconds, kitFolder: KIT });
    expect(left).toHaveLength(Math.round(seconds * RATE));
    expect(loudness(left, 0, 0.5)).toBeGreaterThan(0);
  });
});

describe("what controllers do to the sound", () => {
  const render = async (file: string): Promise<Float32Array> => {
    const { notes, seconds } = songOf(file);
    return (await renderNotes({ notes, seconds, kitFolder: KIT, sampleRate: RATE })).left;
  };

  it("fades by volume", async () => {
    const left = await render("44b-fade-out-by-volume.mid");
    const levels = [0.5, 2.5, 4.5, 6.5, 8.2].map((at) => loudness(left, at, at + 0.5));
    for (const [index, level] of levels.slice(1).entries())
      expect(level).toBeLessThan(levels[index]);
    expect(levels[4]).toBeLessThan(levels[0] / 100);
  });

  it("bends a sounding note", async () => {
    const left = await render("45-pitch-bend.mid");
    expect(strongest(left, 0.3, 0.9, [415.3, 440, 466.2, 493.9])).toBe(440);
    expect(strongest(left, 1.1, 1.7, [415.3, 440, 466.2, 493.9])).toBe(493.9);
  });

  it("gives a note vibrato by modulation: its strength goes from its pitch to 5.5 Hz beside it", async () => {
    /** A flute's A for two seconds, its wheel at `modulation` (0-127). */
    const flute = (modulation: number): Uint8Array =>
      Uint8Array.from([
        ...[0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xe0],
        ...[0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, 20, 0, 0xc0, 73, 0, 0xb0, 1, modulation],
        ...[0, 0x90, 69, 96, 0x8f, 0x00, 0x80, 69, 64, 0, 0xff, 0x2f, 0],
      ]);
    const heard = async (modulation: number): Promise<number> => {
      const { notes, seconds } = readSong(flute(modulation), { seconds: 600, notes: 50_000 });
      const { left } = await renderNotes({ notes, seconds, kitFolder: KIT, sampleRate: RATE });
      // Five turns of the vibrato.
      return strongest(left, 0.5, 0.5 + 5 / 5.5, [429, 434.5, 440, 445.5, 451]);
    };
    expect(await heard(0)).toBe(440);
    expect([434.5, 445.5]).toContain(await heard(127));
  });

  it("tunes a channel", () => {
    expect(songOf("45b-rpn-coarse-tuning-plus-12.mid").notes[0].pitch).toBe(69);
  });
});
