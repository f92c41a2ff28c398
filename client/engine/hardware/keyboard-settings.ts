/**
 * What a keyboard that is plugged in plays: which channel of it is heard, which of its keys play what, and whether each
 * of its notes has a channel of its own (MPE 1.1). By the port's name; of the room, not of a performance.
 */
import { Emitter } from "#base/emitter.ts";
import { isJson, isWhole } from "#base/json.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { keptNoteChannels, NO_NOTE_CHANNELS, type NoteChannels } from "./note-channels.ts";

/** Keys from `lowest` to `highest` that play one instrument. */
export interface KeyboardZone {
  readonly lowest: number;
  readonly highest: number;
  /** Undefined is the one that the player plays along on. */
  readonly instrument: Instrument | undefined;
  /** Semitones, -48 to 48. */
  readonly transposition: number;
}

/** See the header. */
export interface KeyboardSettings {
  readonly on: boolean;
  /** 0-15; undefined hears all. */
  readonly channel: number | undefined;
  /** Channels of one note each; with any, all channels are heard. */
  readonly noteChannels: NoteChannels;
  /** One, or two that share the keys (a split) or both have them (a layer). */
  readonly zones: readonly KeyboardZone[];
}

const WHOLE_KEYBOARD: KeyboardZone = {
  lowest: 0,
  highest: 127,
  instrument: undefined,
  transposition: 0,
};

export const USUAL_KEYBOARD: KeyboardSettings = {
  on: true,
  channel: undefined,
  noteChannels: NO_NOTE_CHANNELS,
  zones: [WHOLE_KEYBOARD],
};

/** Most semitones that a zone is moved up or down. */
export const FARTHEST_ZONE = 48;

/** How the keys of a keyboard are shared out. */
export type KeySharing = "one" | "split" | "layer";

/** Where a split is first put. */
const USUAL_SPLIT = 60;

/** How the zones share the keys. */
export function sharingOf({ zones }: KeyboardSettings): KeySharing {
  if (zones.length < 2) return "one";
  return zones[0].highest < zones[1].lowest ? "split" : "layer";
}

/** The zones shared out otherwise; what each plays stays. @param split the upper zone's lowest pitch */
export function sharedAs(
  { zones }: KeyboardSettings,
  sharing: KeySharing,
  split = USUAL_SPLIT,
): readonly KeyboardZone[] {
  const [first, second = WHOLE_KEYBOARD] = zones;
  const whole = { lowest: 0, highest: 127 };
  if (sharing === "one") return [{ ...first, ...whole }];
  if (sharing === "layer")
    return [
      { ...first, ...whole },
      { ...second, ...whole },
    ];
  return [
    { ...first, lowest: 0, highest: split - 1 },
    { ...second, lowest: split, highest: 127 },
  ];
}

/** By the input's name. */
export type KeyboardTable = Readonly<Record<string, KeyboardSettings>>;

/** The settings of all keyboards, those that are away included. */
export class KeyboardBoard {
  readonly changed = new Emitter<KeyboardTable>();
  #table: KeyboardTable;

  constructor(table: KeyboardTable = {}) {
    this.#table = table;
  }

  get state(): KeyboardTable {
    return this.#table;
  }

  of(port: string): KeyboardSettings {
    return Object.hasOwn(this.#table, port) ? this.#table[port] : USUAL_KEYBOARD;
  }

  set(port: string, change: Partial<KeyboardSettings>): void {
    this.#table = { ...this.#table, [port]: { ...this.of(port), ...change } };
    this.changed.emit(this.#table);
  }
}

/** A table out of the browser's store; what is not understood is as usual. */
export function keptKeyboards(kept: unknown): KeyboardTable | undefined {
  if (!isJson(kept)) return undefined;
  return Object.fromEntries(Object.entries(kept).map(([port, value]) => [port, keyboardOf(value)]));
}

function keyboardOf(kept: unknown): KeyboardSettings {
  if (!isJson(kept)) return USUAL_KEYBOARD;
  const zones = Array.isArray(kept.zones) ? kept.zones.filter(isJson).slice(0, 2).map(zoneOf) : [];
  return {
    on: kept.on !== false,
    channel: isWhole(kept.channel, 0, 15) ? kept.channel : undefined,
    noteChannels: keptNoteChannels(kept.noteChannels ?? kept.mpe),
    zones: zones.length === 0 ? USUAL_KEYBOARD.zones : zones,
  };
}

function zoneOf(kept: Readonly<Record<string, unknown>>): KeyboardZone {
  const { lowest, highest, instrument, transposition } = kept;
  return {
    lowest: isWhole(lowest, 0, 127) ? lowest : 0,
    highest: isWhole(highest, 0, 127) ? highest : 127,
    instrument: isWhole(instrument, 0, INSTRUMENTS.length - 1) ? instrument : undefined,
    transposition: isWhole(transposition, -FARTHEST_ZONE, FARTHEST_ZONE) ? transposition : 0,
  };
}
