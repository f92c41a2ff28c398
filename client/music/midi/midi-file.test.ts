/** Files written are read back the same by our reader and by the independent npm package midi-file. */
import fc from "fast-check";
import { parseMidi } from "midi-file";
import { describe, expect, it } from "vitest";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { gridNotes } from "#music/testing/arbitraries.ts";
import { metreMaps } from "#music/testing/metres.ts";
import { bytesOf, END, header, track } from "#music/testing/midi-files.ts";
import { arrange } from "./arrangement.ts";
import { readMidi } from "./midi-reader.ts";
import { writeMidi } from "./midi-writer.ts";

/** Notes as midi-file's events tell them, in ticks. */
function notesByMidiFile(bytes: Uint8Array): string[] {
  const parsed = parseMidi(bytes);
  return parsed.tracks
    .flatMap((events) => {
      let tick = 0;
      const open = new Map<string, { tick: number; velocity: number }>();
      const notes: string[] = [];
      for (const event of events) {
        tick += event.deltaTime;
        if (event.type === "noteOn") {
          const key = `${event.channel} ${event.noteNumber}`;
          expect(open.has(key)).toBe(false);
          open.set(key, { tick, velocity: event.velocity });
        } else if (event.type === "noteOff") {
          const key = `${event.channel} ${event.noteNumber}`;
          const begun = open.get(key);
          if (begun === undefined) throw new Error(`no note ${key} to end`);
          open.delete(key);
          notes.push(`${begun.tick} ${tick} ${key} ${begun.velocity}`);
        }
      }
      expect(open.size).toBe(0);
      return notes;
    })
    .sort();
}

describe("MIDI files", () => {
  it("are read back the same by our reader and by midi-file", () => {
    fc.assert(
      fc.property(gridNotes, fc.integer({ min: 20, max: 300 }), (notes, tempo) => {
        const bytes = writeMidi(notes, { tempos: [{ step: 0, tempo }] });
        const song = readMidi(bytes);
        expect(song.warnings).toEqual([]);
        expect(arrange(song).notes).toEqual(notes);
        if (notes.length > 0) expect(song.tempos[0].tempo).toBeCloseTo(tempo, 2);
        const ours = song.notes.map(
          (note) => `${note.tick} ${note.endTick} ${note.channel} ${note.pitch} ${note.velocity}`,
        );
        expect(ours.sort()).toEqual(notesByMidiFile(bytes));
      }),
      { numRuns: 200 },
    );
  });

  it("keep their metres and title, read by our reader and by midi-file", () => {
    const note: Note = { instrument: 0, pitch: 60, velocity: 90, onset: 0, duration: 4 };
    fc.assert(
      fc.property(metreMaps, fc.string({ maxLength: 20 }), (metres, title) => {
        const bytes = writeMidi([note], { metres, title });
        const song = readMidi(bytes);
        const said = song.meters.map(({ tick, ...metre }) => ({ step: tick / 60, metre }));
        expect(new MetreMap(said).points).toEqual(metres.points);
        expect(song.trackNames[0]).toBe(title.trim());
        expect(song.title ?? "").toBe(title.trim());
        let tick = 0;
        const theirs = parseMidi(bytes).tracks[0].flatMap((event) => {
          tick += event.deltaTime;
          if (event.type !== "timeSignature") return [];
          const { numerator, denominator, thirtyseconds } = event;
          expect(thirtyseconds).toBe(8);
          return [{ step: tick / 60, metre: { numerator, denominator } }];
        });
        expect(theirs).toEqual(metres.points);
      }),
    );
  });

  it("say a click a beat: a quarter, or a dotted one in compound metres", () => {
    const clicks = ["3/4", "6/8", "2/2", "7/8"].map((name) => {
      const [numerator, denominator] = name.split("/").map(Number);
      const bytes = writeMidi([], { metres: MetreMap.of({ numerator, denominator }) });
      const event = parseMidi(bytes).tracks[0].find(({ type }) => type === "timeSignature");
      return event?.type === "timeSignature" ? event.metronome : undefined;
    });
    expect(clicks).toEqual([24, 36, 48, 12]);
  });

  it("end where they are told to", () => {
    const note: Note = { instrument: 0, pitch: 60, velocity: 90, onset: 0, duration: 4 };
    const parsed = parseMidi(writeMidi([note], { endStep: 256 }));
    const ticks = parsed.tracks.map((events) =>
      events.reduce((sum, event) => sum + event.deltaTime, 0),
    );
    expect(ticks).toEqual([256 * 60, 256 * 60]);
  });

  it("read running status, format 0, metre, and a note-on of velocity 0 as an end", () => {
    const body = [
      0,
      0xff,
      0x58,
      4,
      3,
      2,
      24,
      8,
      0,
      0xc0,
      40,
      0,
      0x90,
      60,
      100,
      0,
      64,
      90, // running status
      96,
      60,
      0,
      0,
      64,
      0,
      ...END,
    ];
    const song = readMidi(bytesOf(header(0, 1, 96), track(body)));
    expect(song.notes).toMatchObject([
      { tick: 0, endTick: 96, pitch: 60, velocity: 100, program: 40 },
      { tick: 0, endTick: 96, pitch: 64, velocity: 90, program: 40 },
    ]);
    const arranged = arrange(song);
    expect(arranged.metres.barAt(0).steps).toBe(24);
    expect(arranged.notes.map((note) => [note.instrument, note.duration])).toEqual([
      [3, 8],
      [3, 8],
    ]);
  });

  it("keep musical time through tempo changes", () => {
    const tempo = (delta: number, high: number) => [delta, 0xff, 0x51, 3, high, 0, 0];
    const body = [
      ...tempo(0, 7),
      0,
      0x90,
      60,
      100,
      96,
      0x80,
      60,
      0,
      ...tempo(0, 15),
      0,
      0x90,
      62,
      100,
      96,
      0x80,
      62,
      0,
      ...END,
    ];
    const { notes, tempos } = arrange(readMidi(bytesOf(header(0, 1, 96), track(body))));
    expect(notes.map((note) => note.onset)).toEqual([0, 8]);
    expect(tempos.map((point) => point.step)).toEqual([0, 8]);
  });

  it("place SMPTE division by clock time at 120 BPM", () => {
    // 25 frames of 40 ticks: a tick is a millisecond; 500 ms are a quarter at 120, whatever a tempo event says.
    const body = [
      ...[0, 0xff, 0x51, 3, 15, 0, 0],
      0,
      0x90,
      60,
      100,
      0x83,
      0x74,
      0x80,
      60,
      0,
      0,
      0x90,
      62,
      100,
      10,
      0x80,
      62,
      0,
      ...END,
    ];
    const song = readMidi(bytesOf(header(1, 1, ((256 - 25) << 8) | 40), track(body)));
    expect(arrange(song).tempos).toEqual([]);
    expect(arrange(song).notes).toMatchObject([
      { onset: 0, duration: 8 },
      { onset: 8, duration: 1 },
    ]);
  });

  it("give a track to its main class, and split one that truly changes", () => {
    const note = (pitch: number) => [0, 0x90, pitch, 100, 12, 0x80, pitch, 0];
    const many = (count: number) => Array.from({ length: count }, (_, i) => note(40 + i)).flat();
    const stray = bytesOf(
      header(0, 1, 96),
      track([0, 0xc0, 40, ...many(20), 0, 0xc0, 0, ...many(1), ...END]),
    );
    expect(new Set(arrange(readMidi(stray)).notes.map((n) => n.instrument))).toEqual(new Set([3]));
    const change = bytesOf(
      header(0, 1, 96),
      track([0, 0xc0, 40, ...many(20), 0, 0xc0, 0, ...many(10), ...END]),
    );
    expect(new Set(arrange(readMidi(change)).notes.map((n) => n.instrument))).toEqual(
      new Set([3, 0]),
    );
  });

  it("count what has no class and what names no program", () => {
    const note = (channel: number, pitch: number) => [
      0,
      0x90 | channel,
      pitch,
      100,
      12,
      0x80 | channel,
      pitch,
      0,
    ];
    const body = [0, 0xc0, 120, ...note(0, 60), ...note(1, 62), ...END];
    expect(arrange(readMidi(bytesOf(header(0, 1, 96), track(body)))).counts).toEqual({
      notes: 2,
      unmapped: 1,
      unclear: 1,
      long: 0,
      silent: 0,
      merged: 0,
    });
  });
});

describe("broken and hostile MIDI", () => {
  const good = [0, 0x90, 60, 100, 96, 0x80, 60, 0, ...END];

  it.each([
    ["nothing", bytesOf([])],
    ["text", bytesOf("hello, this is no MIDI file at all")],
    ["a header alone", bytesOf(header(1, 1, 96))],
    ["no track at all", bytesOf(header(1, 0, 96))],
    ["patterns of format 2", bytesOf(header(2, 2, 96), track(good), track(good))],
    ["a format of 3", bytesOf(header(3, 1, 96), track(good))],
    ["a RIFF wrapper without data", bytesOf("RIFF", [4, 0, 0, 0], "RMID")],
    ["a division of 0", bytesOf(header(1, 1, 0), track(good))],
    ["a file over the limit", new Uint8Array(4 * 1024 * 1024 + 1)],
  ])("is refused in one sentence: %s", (_, bytes) => {
    expect(() => readMidi(bytes)).toThrow(/[a-z].*[.]$/);
  });

  it.each([
    ["a track length of 4 GB", bytesOf(header(1, 1, 96), track(good, 0xffffffff)), 1],
    ["0 tracks announced", bytesOf(header(1, 0, 96), track(good)), 1],
    [
      "a header length of 4 GB",
      bytesOf("MThd", [255, 255, 255, 255, 0, 1, 0, 1, 0, 96], track(good)),
      1,
    ],
    [
      "a foreign chunk of 4 GB",
      bytesOf(header(1, 1, 96), "XXXX", [255, 255, 255, 255], track(good)),
      1,
    ],
    ["no end of track", bytesOf(header(1, 1, 96), track(good.slice(0, -4))), 1],
    ["a track cut inside an event", bytesOf(header(1, 1, 96), track(good).slice(0, -6)), 1],
    ["more tracks announced than there are", bytesOf(header(1, 9, 96), track(good)), 1],
    [
      "a meta event of 256 MB",
      bytesOf(header(1, 1, 96), track([0, 0xff, 1, 0xff, 0xff, 0xff, 0x7f, 1, 2])),
      0,
    ],
    [
      "a system exclusive of 256 MB",
      bytesOf(header(1, 1, 96), track([0, 0xf0, 0xff, 0xff, 0xff, 0x7f, 1])),
      0,
    ],
    ["an endless variable length", bytesOf(header(1, 1, 96), track(new Array(64).fill(0xff))), 0],
    ["data without a status", bytesOf(header(1, 1, 96), track([0, 60, 100, ...END])), 0],
    [
      "notes that never end",
      bytesOf(header(1, 1, 96), track([0, 0x90, 60, 100, 96, 61, 100, ...END])),
      2,
    ],
  ])("is read as far as it goes, with a warning: %s", (_, bytes, notes) => {
    const song = readMidi(bytes);
    expect(song.notes).toHaveLength(notes);
    expect(song.warnings.length).toBeGreaterThan(0);
  });

  it("costs bounded time: deep running status, one key struck 300,000 times", () => {
    const count = 299_999;
    const body = new Uint8Array(3 * count + 1 + 4);
    body.set([0, 0x90, 60, 1]);
    for (let at = 4; at + 3 <= body.length; at += 3) body.set([0, 60, 1], at);
    const bytes = new Uint8Array(22 + body.length);
    bytes.set(header(0, 1, 96));
    bytes.set(track([], body.length), 14);
    bytes.set(body, 22);
    expect(readMidi(bytes).notes).toHaveLength(300_000);
    const more = new Uint8Array(bytes.length + 3 * count);
    more.set(bytes);
    for (let at = bytes.length - 4; at + 3 <= more.length; at += 3) more.set([0, 60, 1], at);
    more.set(track([], more.length - 22), 14);
    expect(() => readMidi(more)).toThrow(/more than 300000 notes/);
  });

  it("never hangs and never throws but a Failure, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, division) => {
        const bytes = bytesOf(
          header(1, 3, division ? 96 : 0xe728),
          [...Buffer.from("MTrk"), 0, 0, 1, 144],
          [...noise],
        );
        try {
          for (const note of readMidi(bytes).notes) {
            expect(note.endTick).toBeGreaterThanOrEqual(note.tick);
            expect(note.pitch).toBeLessThan(128);
          }
        } catch (error) {
          expect((error as Error).name).toBe("Failure");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
