/** What pedals, volumes and mode messages do to the notes of a file, on files built message by message. */
import { describe, expect, it } from "vitest";
import { bytesOf, END, fileOf, header, type TimedBytes, track } from "#music/testing/midi-files.ts";
import { readMidi, readPerformance } from "./midi-reader.ts";

const on = (tick: number, key: number, channel = 0): TimedBytes => [tick, 0x90 | channel, key, 80];
const off = (tick: number, key: number, channel = 0): TimedBytes => [tick, 0x80 | channel, key, 64];
const control = (tick: number, controller: number, value: number, channel = 0): TimedBytes => [
  tick,
  0xb0 | channel,
  controller,
  value,
];
const sustain = (tick: number, value: number) => control(tick, 64, value);
const sostenuto = (tick: number, value: number) => control(tick, 66, value);
/** A system exclusive message, as written in the manuals without F0 and F7. */
const exclusive = (tick: number, ...data: number[]): TimedBytes => [
  tick,
  0xf0,
  data.length + 1,
  ...data,
  0xf7,
];

/** Notes as "pitch@tick-end", by tick. */
const playedIn = (...tracks: readonly (readonly TimedBytes[])[]): string =>
  readMidi(fileOf(...tracks))
    .notes.map(({ pitch, tick, endTick }) => `${pitch}@${tick}-${endTick}`)
    .join(" ");

/** Ticks at which the notes that are silent begin. */
const silentIn = (...tracks: readonly (readonly TimedBytes[])[]): number[] =>
  readMidi(fileOf(...tracks))
    .notes.filter(({ silent }) => silent)
    .map(({ tick }) => tick);

describe("the sostenuto pedal", () => {
  it("holds what sounds when it goes down until it goes up, and nothing later", () => {
    expect(
      playedIn([
        ...[on(0, 48), sostenuto(10, 127), off(20, 48)],
        ...[on(30, 60), off(40, 60), on(50, 62), off(60, 62)],
        ...[sostenuto(90, 0), on(100, 64), off(110, 64)],
      ]),
    ).toBe("48@0-90 60@30-40 62@50-60 64@100-110");
  });

  it("never cuts a key that is held, nor brings back one that was let go", () => {
    expect(
      playedIn([
        ...[on(0, 60), off(5, 60), on(0, 62), sostenuto(10, 127)],
        ...[sostenuto(20, 0), off(40, 62)],
      ]),
    ).toBe("60@0-5 62@0-40");
  });

  it("is down from 64 on, and catches once however often it says so", () => {
    expect(
      playedIn([
        ...[on(0, 60), sostenuto(5, 63), off(10, 60)],
        ...[on(20, 62), sostenuto(25, 64), on(30, 64), sostenuto(35, 127)],
        ...[off(40, 62), off(40, 64), sostenuto(60, 63)],
      ]),
    ).toBe("60@0-10 62@20-60 64@30-40");
  });

  it("holds a whole chord of its tick, written before it or after", () => {
    expect(
      playedIn([
        ...[on(0, 40), off(10, 40)],
        ...[on(10, 48), sostenuto(10, 127), on(10, 52), on(10, 55)],
        ...[off(20, 48), off(20, 52), off(20, 55), sostenuto(60, 0)],
      ]),
    ).toBe("40@0-10 48@10-60 52@10-60 55@10-60");
  });

  it("that is set before a channel's first note holds none of that tick, nor any other until it is raised", () => {
    expect(
      playedIn([
        ...[sostenuto(0, 127), on(0, 48), on(0, 52), off(10, 48), off(10, 52)],
        ...[on(20, 55), off(30, 55), sostenuto(40, 0)],
        ...[on(50, 57), sostenuto(50, 127), off(60, 57), sostenuto(90, 0)],
      ]),
    ).toBe("48@0-10 52@0-10 55@20-30 57@50-90");
  });

  it("lets go of a key that is struck again, and holds no later strike of it", () => {
    expect(
      playedIn([
        ...[on(0, 60), sostenuto(5, 127), off(10, 60)],
        ...[on(30, 60), off(40, 60), sostenuto(90, 0)],
      ]),
    ).toBe("60@0-30 60@30-40");
  });

  it("holds on where the sustain pedal lets go, which holds all else", () => {
    const held = [on(0, 48), sostenuto(5, 127), off(10, 48), sustain(15, 127)];
    const later = [on(20, 60), off(30, 60)];
    expect(playedIn([...held, ...later, sustain(50, 0), sostenuto(70, 0)])).toBe(
      "48@0-70 60@20-50",
    );
    expect(playedIn([...held, ...later, sostenuto(50, 0), sustain(70, 0)])).toBe(
      "48@0-70 60@20-70",
    );
  });

  it("catches what only the sustain pedal holds", () => {
    const both = [sustain(0, 127), on(0, 48), off(10, 48), sostenuto(20, 127)];
    const later = [on(25, 60), off(30, 60), sustain(40, 0), on(45, 62), off(50, 62)];
    expect(playedIn([...both, ...later, sostenuto(80, 0)])).toBe("48@0-80 60@25-40 62@45-50");
  });

  it("is one of several moves of both pedals", () => {
    expect(
      playedIn([
        ...[on(0, 48), sostenuto(1, 127), off(2, 48), sustain(3, 127), on(4, 50), off(5, 50)],
        ...[sostenuto(6, 0), sostenuto(7, 127), sustain(8, 0), on(9, 52), off(10, 52)],
        ...[sustain(11, 127), sostenuto(12, 0), sustain(13, 0)],
      ]),
    ).toBe("48@0-13 50@4-13 52@9-10");
  });

  it("that is never raised holds to the end of the file, as the sustain pedal", () => {
    const events = (pedal: number) => [on(0, 60), control(5, pedal, 127), off(10, 60)];
    const rest = [on(0, 72, 1), off(96, 72, 1)];
    expect(playedIn(events(66), rest)).toBe("60@0-96 72@0-96");
    expect(playedIn(events(64), rest)).toBe("60@0-96 72@0-96");
  });

  it("is each channel's own, whatever track it stands in, and not the drums'", () => {
    expect(
      playedIn(
        [sostenuto(5, 127), control(5, 66, 127, 9)],
        [on(0, 60), off(10, 60), on(0, 62, 1), off(10, 62, 1), on(0, 36, 9), off(10, 36, 9)],
        [on(90, 70, 2), off(96, 70, 2)],
      ),
    ).toBe("60@0-96 62@0-10 36@0-10 70@90-96");
  });

  it("goes up with all controllers reset; all sound off ends what it holds, all notes off does not", () => {
    const held = [on(0, 60), sostenuto(5, 127), on(6, 62), off(10, 60)];
    const rest = [off(60, 62), sostenuto(80, 0)];
    expect(playedIn([...held, control(20, 121, 0), ...rest])).toBe("60@0-20 62@6-60");
    expect(playedIn([...held, control(20, 120, 0), ...rest])).toBe("60@0-20 62@6-20");
    expect(playedIn([...held, control(20, 123, 0), ...rest])).toBe("60@0-80 62@6-20");
  });

  it("costs bounded time: pedals moved 50,000 times under as many notes", () => {
    const moves = 50_000;
    const strikes = Array.from({ length: moves }, () => [0, 60, 1]).flat();
    const ends = Array.from({ length: moves }, () => [0, 60, 0]).flat();
    const pedals = [0, 66, 127, 0, 64, 0, 0, 64, 127, 0, 66, 0];
    const body = [
      ...[0, 0xb0, 64, 127, 0, 0x90, 60, 1],
      ...strikes,
      ...ends,
      ...[0, 60, 0, 1, 0xb0, 66, 0],
      ...Array.from({ length: moves }, () => pedals).flat(),
      ...END,
    ];
    const { notes } = readMidi(bytesOf(header(0, 1, 96), track(body)));
    expect(notes.every(({ endTick }) => endTick === 1)).toBe(true);
  });
});

describe("mode messages", () => {
  it.each([123, 124, 125, 126, 127])("controller %i lets go of all keys of its channel", (mode) => {
    const events = [on(0, 60), on(0, 64, 1), control(20, mode, 1)];
    expect(playedIn([...events, off(40, 60), off(40, 64, 1)])).toBe("60@0-20 64@0-40");
    expect(
      playedIn([sustain(0, 127), ...events, off(40, 60), sustain(60, 0), off(60, 64, 1)]),
    ).toBe("60@0-60 64@0-60");
  });

  it("122, local control, does nothing", () => {
    expect(playedIn([on(0, 60), control(20, 122, 0), off(40, 60)])).toBe("60@0-40");
  });

  it("121 chooses no parameter: a data entry after it tunes nothing", () => {
    const octave = [control(0, 101, 0), control(0, 100, 2), control(0, 6, 76)];
    const note = [on(10, 60), off(20, 60)];
    expect(playedIn([...octave, ...note])).toBe("72@10-20");
    expect(playedIn([...octave.slice(0, 2), control(0, 121, 0), octave[2], ...note])).toBe(
      "60@10-20",
    );
  });
});

/** Master volume in each dialect. */
const MASTERS: readonly (readonly [name: string, (tick: number, value: number) => TimedBytes])[] = [
  ["universal", (tick, value) => exclusive(tick, 0x7f, 0x7f, 4, 1, 0, value)],
  ["GS", (tick, value) => exclusive(tick, 0x41, 16, 0x42, 0x12, 0x40, 0, 4, value, 60 - value)],
  ["XG", (tick, value) => exclusive(tick, 0x43, 0x10, 0x4c, 0, 0, 4, value)],
];
const masterVolume = MASTERS[0][1];

/** Notes of ten ticks on one channel or another. */
const notes = (...starts: readonly (readonly [tick: number, channel: number])[]) =>
  starts.flatMap(([tick, channel]) => [on(tick, 60, channel), off(tick + 10, 60, channel)]);

describe("the master volume", () => {
  it.each(MASTERS)("%s: silences all channels while it is 0", (_, master) => {
    const melody = notes([0, 0], [30, 1], [50, 9], [80, 0]);
    const masters = [master(0, 100), master(20, 1), master(25, 0), master(70, 1)];
    expect(silentIn(masters, melody)).toEqual([30, 50]);
  });

  it("at 0 leaves alone what sounds before it or after", () => {
    const long = [on(0, 40), off(100, 40), on(30, 50, 1), off(60, 50, 1)];
    expect(silentIn([masterVolume(20, 0), masterVolume(50, 90)], long)).toEqual([]);
    expect(silentIn([masterVolume(20, 0), masterVolume(60, 90)], long)).toEqual([30]);
  });

  it("and a channel's own volume are one silence", () => {
    const melody = [...notes([0, 1]), on(10, 60), off(40, 60)];
    const own = [control(0, 7, 0), masterVolume(20, 0), control(30, 7, 100), masterVolume(50, 127)];
    expect(silentIn(own, melody)).toEqual([10]);
    expect(silentIn([...own.slice(0, 3), masterVolume(35, 127)], melody)).toEqual([]);
  });

  it.each([
    ["GM", [0x7e, 0x7f, 9, 1]],
    ["GM2", [0x7e, 0x7f, 9, 3]],
    ["GS", [0x41, 16, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41]],
    ["XG", [0x43, 0x10, 0x4c, 0, 0, 0x7e, 0]],
  ])("is full after a reset: %s", (_, reset) => {
    const melody = notes([0, 0], [20, 0], [20, 1]);
    expect(silentIn([masterVolume(0, 0), exclusive(15, ...reset)], melody)).toEqual([0]);
    expect(silentIn([masterVolume(15, 0), exclusive(15, ...reset)], melody)).toEqual([20, 20]);
  });

  it("of a track that names a port is that port's", () => {
    const port = (number: number): TimedBytes => [0, 0xff, 0x21, 1, number];
    expect(
      silentIn(
        [port(0), masterVolume(0, 0), ...notes([10, 0])],
        [port(1), ...notes([30, 0], [50, 1])],
      ),
    ).toEqual([10]);
  });

  it("is passed over, in silence and in gain, where nothing at all would be heard", () => {
    const squeezed = [masterVolume(0, 90), masterVolume(1, 0)];
    const melody = notes([10, 0], [30, 1]);
    expect(silentIn(squeezed, melody)).toEqual([]);
    expect(readMidi(fileOf(squeezed, melody)).warnings).toEqual([
      "The master volume is 0 under every note; it is passed over.",
    ]);
    const heard = readPerformance(fileOf(squeezed, melody)).notes;
    expect(heard.map(({ expression }) => expression.gain)).toEqual([[], []]);
    expect(silentIn(squeezed, [...melody, control(0, 7, 0), control(0, 7, 0, 1)])).toEqual([
      10, 30,
    ]);
  });

  it("that was cut off before its value says nothing", () => {
    const cut = [exclusive(0, 0x7f, 0x7f, 4, 1), exclusive(0, 0x43, 0x10, 0x4c, 0, 0, 4)];
    expect(silentIn(cut, notes([10, 0]))).toEqual([]);
  });

  it("is squared into the gain of all channels that speak, from its tick on", () => {
    const events = [control(0, 7, 50), ...notes([0, 0], [0, 1])];
    const { notes: heard } = readPerformance(
      fileOf([masterVolume(96, 0), exclusive(192, 0x7e, 0x7f, 9, 1)], events),
    );
    expect(heard.map(({ expression }) => expression.gain)).toEqual([
      [
        { time: 0, value: 0.25 },
        { time: 0.5, value: 0 },
        { time: 1, value: 0.25 },
      ],
      [
        { time: 0.5, value: 0 },
        { time: 1, value: 1 },
      ],
    ]);
    const half = readPerformance(fileOf([masterVolume(0, 64)], events)).notes;
    expect(half[1].expression.gain).toEqual([{ time: 0, value: (64 / 127) ** 2 }]);
  });
});

describe("a part's volume by system exclusive message", () => {
  it.each([
    ["GS", (volume: number) => [0x41, 16, 0x42, 0x12, 0x40, 0x12, 0x19, volume, 0]],
    ["XG", (volume: number) => [0x43, 0x10, 0x4c, 8, 1, 0x0b, volume]],
  ])("is its channel's, as by controller 7: %s", (_, part) => {
    const melody = notes([10, 0], [30, 1], [70, 1]);
    const changes = [exclusive(0, ...part(0)), control(50, 7, 50, 1)];
    expect(silentIn(changes, melody)).toEqual([30]);
    const { notes: heard } = readPerformance(fileOf([exclusive(0, ...part(50))], melody));
    expect(heard.map(({ expression }) => expression.gain)).toEqual([
      [],
      [{ time: 0, value: 0.25 }],
      [{ time: 0, value: 0.25 }],
    ]);
  });
});
