/** A synthesiser's channel while a file is played: its settings, the notes that are held and those the pedal holds. */
import type { MidiNote } from "./midi-song.ts";

const DATA_ENTRY = 6;
const UNREGISTERED_LOW = 98;
const UNREGISTERED_HIGH = 99;
const PARAMETER_LOW = 100;
const PARAMETER_HIGH = 101;
/** The registered parameter of coarse tuning, and its value for no change. */
const COARSE_TUNING = 2;
const CENTRE = 64;

/** In place of a note's end while its key is held, and while the pedal holds it. */
export const HELD = -1;
export const PEDALLED = -2;

/** A note under way; `key` is what was struck, its pitch what the channel's tuning makes of it. */
export type PlayedNote = { -readonly [Field in keyof MidiNote]: MidiNote[Field] } & {
  readonly key: number;
};

/** A stretch in which a channel is at volume 0. */
export interface Silence {
  until: number;
}

/** What a channel is set to and what sounds on it. */
export class Channel {
  program: number | undefined;
  nextBank: number | undefined;
  bank: number | undefined;
  /** Told by a system exclusive message whether it plays drums. */
  rhythm: boolean | undefined;
  volume = 100;
  expression = 127;
  /** Registered parameter that data entry sets. */
  parameter = { low: 127, high: 127 };
  /** Semitones by which it sounds higher than its keys. */
  tuning = 0;
  pedal = false;
  silence: Silence | undefined;
  /** Tick of the last "all notes off". */
  quietAt = -1;
  /** Notes struck since then, some of them ended. */
  struck: PlayedNote[] = [];
  /** Held notes that no note-off of their own track ends, by key. */
  readonly unpaired = new Map<number, PlayedNote[]>();
  /** Released notes that the pedal holds, by key. */
  readonly pedalled = new Map<number, PlayedNote[]>();

  /** Coarse tuning by registered parameter; other controllers change nothing. */
  tune(controller: number, value: number): void {
    const { parameter } = this;
    if (controller === PARAMETER_LOW) parameter.low = value;
    else if (controller === PARAMETER_HIGH) parameter.high = value;
    else if (controller === UNREGISTERED_LOW || controller === UNREGISTERED_HIGH)
      parameter.low = 127;
    else if (controller === DATA_ENTRY && parameter.high === 0 && parameter.low === COARSE_TUNING) {
      this.tuning = value - CENTRE;
    }
  }
}

/** A key goes up: the note ends, unless the pedal holds it. Nothing where it has ended. */
export function letGo(channel: Channel, note: PlayedNote, tick: number): void {
  if (note.endTick !== HELD) return;
  if (channel.pedal && note.role === "melody") {
    note.endTick = PEDALLED;
    addTo(channel.pedalled, note);
  } else {
    note.endTick = tick;
  }
}

export function addTo(notes: Map<number, PlayedNote[]>, note: PlayedNote): void {
  const ofKey = notes.get(note.key);
  if (ofKey === undefined) notes.set(note.key, [note]);
  else ofKey.push(note);
}
