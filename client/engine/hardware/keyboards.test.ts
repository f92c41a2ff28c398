/** Keyboards of hardware: what their keys play, what pedals hold, and that nothing is left held whatever happens. */
import { array, assert as check, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Instrument } from "#music/instrument.ts";
import { heardMessage } from "./heard-message.ts";
import {
  KeyboardBoard,
  keptKeyboards,
  sharedAs,
  sharingOf,
  USUAL_KEYBOARD,
} from "./keyboard-settings.ts";
import { Keyboards } from "./keyboards.ts";
import { NO_NOTE_CHANNELS } from "./note-channels.ts";
import { type Touch, UNTOUCHED } from "./touch.ts";

const PIANO = 0;
const BASS = 2;

function desk() {
  const settings = new KeyboardBoard();
  const sounding = new Set<string>();
  const pressed: string[] = [];
  const touched: { instrument: Instrument; touch: Touch; pitch: number | undefined }[] = [];
  let own: Instrument | undefined = PIANO;
  const keyboards = new Keyboards({
    settings,
    instrument: () => own,
    touches: { touch: (instrument, touch, pitch) => touched.push({ instrument, touch, pitch }) },
    keys: {
      press: ({ instrument, pitch }) => {
        pressed.push(`${instrument}:${pitch}`);
        sounding.add(`${instrument}:${pitch}`);
      },
      release: ({ instrument, pitch }) => sounding.delete(`${instrument}:${pitch}`),
    },
  });
  const hear = (data: readonly number[], port = "Keys") => {
    const message = heardMessage(data);
    if (message !== undefined) keyboards.hear(port, message);
  };
  const playOn = (instrument: Instrument | undefined) => {
    own = instrument;
  };
  return { settings, keyboards, hear, pressed, touched, playOn, sounding: () => [...sounding] };
}

describe("keyboards", () => {
  it("strike what the player plays along on, and nothing while that is nothing", () => {
    const { hear, sounding, playOn } = desk();
    hear([0x90, 60, 100]);
    expect(sounding()).toEqual(["0:60"]);
    playOn(BASS); // what is held is let go where it was struck
    hear([0x90, 60, 0]);
    expect(sounding()).toEqual([]);
    playOn(undefined);
    hear([0x95, 64, 90]);
    expect(sounding()).toEqual([]);
  });

  it("are heard on one channel, or not at all", () => {
    const { hear, settings, sounding } = desk();
    settings.set("Keys", { channel: 3 });
    hear([0x90, 60, 100]);
    hear([0x93, 61, 100]);
    expect(sounding()).toEqual(["0:61"]);
    settings.set("Keys", { on: false });
    expect(sounding()).toEqual([]);
    hear([0x93, 61, 100]);
    expect(sounding()).toEqual([]);
  });

  it("split and layer, each zone moved by itself", () => {
    const { hear, settings, sounding } = desk();
    const zones = sharedAs(USUAL_KEYBOARD, "split", 60);
    settings.set("Keys", {
      zones: [{ ...zones[0], instrument: BASS, transposition: -12 }, zones[1]],
    });
    expect(sharingOf(settings.of("Keys"))).toBe("split");
    hear([0x90, 48, 100]);
    hear([0x90, 72, 100]);
    expect(sounding()).toEqual(["2:36", "0:72"]);
    settings.set("Keys", { zones: sharedAs(settings.of("Keys"), "layer") });
    expect(sounding()).toEqual([]);
    hear([0x90, 60, 100]);
    expect(sounding()).toEqual(["2:48", "0:60"]);
  });

  it("hold what the pedal holds, and a pitch that two hold until the last lets go", () => {
    const { hear, sounding } = desk();
    hear([0xb0, 64, 127]);
    hear([0x90, 60, 100]);
    hear([0x80, 60, 0]);
    hear([0x90, 60, 90]);
    hear([0x80, 60, 0]);
    hear([0x90, 60, 80], "Other");
    expect(sounding()).toEqual(["0:60"]);
    hear([0xb0, 64, 0]);
    expect(sounding()).toEqual(["0:60"]);
    hear([0x80, 60, 0], "Other");
    expect(sounding()).toEqual([]);
  });

  it("let go of everything, wheels too, when they are unplugged", () => {
    const { hear, keyboards, sounding, touched } = desk();
    hear([0xb0, 64, 127]);
    hear([0x90, 60, 100]);
    hear([0x80, 60, 0]);
    hear([0x90, 64, 100]);
    hear([0xe0, 0, 0]);
    hear([0xb0, 1, 127]);
    hear([0xd0, 127]);
    expect(touched.at(-1)?.touch).toEqual({ ...UNTOUCHED, bend: -2, modulation: 1, pressure: 1 });
    keyboards.lose("Keys");
    expect(sounding()).toEqual([]);
    expect(touched.at(-1)).toMatchObject({ instrument: PIANO, touch: { bend: 0, pressure: 0 } });
  });

  it("with a channel a note, touch each note by itself, and all by the first channel", () => {
    const { hear, settings, sounding, touched } = desk();
    settings.set("Keys", { noteChannels: { lower: 15, upper: 0 } });
    hear([0xe1, 127, 127]); // before its note, as MPE has it
    hear([0x91, 60, 100]);
    hear([0x92, 64, 100]);
    expect(touched.find(({ pitch }) => pitch === 60)?.touch.bend).toBe(48);
    hear([0xd2, 64]);
    expect(touched.at(-1)).toMatchObject({ pitch: 64, touch: { bend: 0 } });
    hear([0xe0, 127, 127]);
    expect(touched.at(-1)).toMatchObject({ pitch: undefined, touch: { bend: 2 } });
    hear([0xb0, 64, 127]); // the pedal of the first channel holds all
    hear([0x81, 60, 0]);
    hear([0x82, 64, 0]);
    expect(sounding()).toHaveLength(2);
    hear([0xb0, 64, 0]);
    expect(sounding()).toEqual([]);
    for (const data of [
      [0xb1, 101, 0],
      [0xb1, 100, 0],
      [0xb1, 6, 24],
      [0xe3, 127, 127],
    ])
      hear(data);
    hear([0x93, 60, 100]);
    expect(touched.at(-1)?.touch.bend).toBe(24);
  });

  it("say themselves which channels have a note each, above the first or below the last", () => {
    const { hear, settings, sounding, touched } = desk();
    const say = (channel: number, parameter: number, value: number) => {
      hear([0xb0 | channel, 101, 0]);
      hear([0xb0 | channel, 100, parameter]);
      hear([0xb0 | channel, 6, value]);
    };
    hear([0x9e, 60, 100]); // held as it is said: let go of
    say(15, 6, 5);
    expect([settings.of("Keys").noteChannels, sounding()]).toEqual([{ lower: 0, upper: 5 }, []]);
    hear([0x9e, 60, 100]);
    hear([0xbe, 74, 127]);
    hear([0xde, 127]);
    expect(touched.at(-1)).toEqual({
      ...{ instrument: PIANO, pitch: 60 },
      touch: { ...UNTOUCHED, pressure: 1, timbre: 1 },
    });
    hear([0xbe, 74, 0]);
    expect(touched.at(-1)?.touch.timbre).toBe(-1);
    hear([0xef, 0, 0]); // channel 16 speaks for all
    expect(touched.at(-1)).toMatchObject({ pitch: undefined, touch: { bend: -2 } });
    say(13, 0, 12); // one of its five says how far all of them bend
    hear([0xea, 127, 127]);
    hear([0x9a, 64, 100]);
    expect(touched.at(-1)).toMatchObject({ pitch: 64, touch: { bend: 12 } });
    hear([0xb9, 74, 127]); // channel 10 is none of them
    expect(touched.at(-1)).toMatchObject({ pitch: undefined, touch: { timbre: 1 } });
    say(0, 6, 12); // both cannot have more than fourteen
    expect(settings.of("Keys").noteChannels).toEqual({ lower: 12, upper: 2 });
    say(0, 6, 0);
    say(15, 6, 0);
    expect(settings.of("Keys").noteChannels).toEqual(NO_NOTE_CHANNELS);
    say(3, 6, 4); // no other channel speaks for any
    expect(settings.of("Keys").noteChannels).toEqual(NO_NOTE_CHANNELS);
  });

  it("leave nothing held, whatever was played, set and unplugged", () => {
    const message = record({
      port: constantFrom("a", "b"),
      status: constantFrom(0x80, 0x90, 0x91, 0xb0, 0xb1, 0xe1),
      first: constantFrom(60, 61, 64, 121, 123),
      second: constantFrom(0, 70, 127),
      next: constantFrom("on", "split", "layer", "mpe", "lose", "on", "on", "on", "on", "on"),
      split: integer({ min: 58, max: 66 }),
    });
    check(
      property(array(message, { maxLength: 60 }), (messages) => {
        const { hear, keyboards, settings, sounding } = desk();
        for (const { port, status, first, second, next, split } of messages) {
          if (next === "lose") keyboards.lose(port);
          else if (next === "mpe")
            settings.set(port, {
              noteChannels: split > 62 ? { lower: split - 60, upper: 0 } : NO_NOTE_CHANNELS,
            });
          else if (next !== "on")
            settings.set(port, { zones: sharedAs(settings.of(port), next, split) });
          hear([status, first, second], port);
        }
        for (const port of ["a", "b"]) {
          for (let channel = 0; channel < 2; channel++) {
            for (const pitch of [60, 61, 64, 121, 123]) hear([0x80 | channel, pitch, 0], port);
            hear([0xb0 | channel, 64, 0], port);
          }
        }
        expect(sounding()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("come back as they were kept, and as usual where nothing is understood", () => {
    const board = new KeyboardBoard();
    board.set("Keys", { channel: 3, zones: sharedAs(USUAL_KEYBOARD, "split", 50) });
    expect(keptKeyboards(JSON.parse(JSON.stringify(board.state)))).toEqual(board.state);
    expect(keptKeyboards({ Keys: { zones: "x", channel: 99 }, Pads: 3 })).toEqual({
      Keys: USUAL_KEYBOARD,
      Pads: USUAL_KEYBOARD,
    });
    expect(keptKeyboards("x")).toBeUndefined();
  });
});
