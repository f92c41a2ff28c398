/** A synthesiser's channel while a file is played: its settings, the notes that are held and those the pedals hold. */
import type { MidiNote } from "./midi-song.ts";
import { FULL_VOLUME, type SoundSystem } from "./sound-system.ts";

const DATA_ENTRY = 6;
const UNREGISTERED_LOW = 98;
const UNREGISTERED_HIGH = 99;
const PARAMETER_LOW = 100;
const PARAMETER_HIGH = 101;
/** The registered parameter of coarse tuning, and its value for no change. */
const COARSE_TUNING = 2;
const CENTRE = 64;

/** In place of a note's end while its key is held, and while a pedal holds it. */
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

/** What the channels of a port share. */
export class Port {
  system: SoundSystem | undefined;
  /** Master volume, 0-127. */
  volume = FULL_VOLUME;
}

/** In place of a tick while the sostenuto pedal is up. */
const UP = -2;

/** What a channel is set to and what sounds on it. */
export class Channel {
  readonly port: Port;
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
  /** Last tick whose strikes the sostenuto pedal holds. */
  #sostenuto = UP;
  silence: Silence | undefined;
  /** Whether any note was struck. */
  played = false;
  /** Tick of the last "all notes off". */
  quietAt = -1;
  /** Notes struck since then, some of them ended. */
  struck: PlayedNote[] = [];
  /** Held notes that no note-off of their own track ends, by key. */
  readonly unpaired = new Map<number, PlayedNote[]>();
  /** Released notes that the sustain pedal alone holds, by key. */
  pedalled = new Map<number, PlayedNote[]>();
  /** Released notes that the sostenuto pedal holds, by key. */
  caught = new Map<number, PlayedNote[]>();

  constructor(port: Port) {
    this.port = port;
    this.volumeSet(0);
  }

  /** Its volume or expression or its port's master volume was set at a tick. */
  volumeSet(tick: number): void {
    if (this.volume * this.expression * this.port.volume === 0) {
      this.silence ??= { until: Number.POSITIVE_INFINITY };
    } else if (this.silence !== undefined) {
      this.silence.until = tick;
      this.silence = undefined;
    }
  }

  /** "Reset all controllers" (RP-015): volume and tuning stay. */
  resetControllers(tick: number): void {
    this.expression = 127;
    this.parameter = { low: 127, high: 127 };
    this.volumeSet(tick);
  }

  /** The sustain pedal goes down or up. */
  moveSustain(down: boolean, tick: number): void {
    this.pedal = down;
    if (!down) endAll(this.pedalled, tick);
  }

  /**
   * The sostenuto pedal goes down or up: what sounds when it goes down, it holds, with what is struck at that
   * tick. A pedal that is set before the channel's first note holds none.
   */
  moveSostenuto(down: boolean, tick: number): void {
    if (down === this.#sostenuto > UP) return;
    this.#sostenuto = UP;
    if (down) {
      this.#sostenuto = this.played ? tick : tick - 1;
      [this.pedalled, this.caught] = [this.caught, this.pedalled];
      return;
    }
    // What was released since moves, and not what is caught: each note once, however often pedals move.
    for (const notes of this.pedalled.values()) for (const note of notes) addTo(this.caught, note);
    this.pedalled.clear();
    [this.pedalled, this.caught] = [this.caught, this.pedalled];
    if (!this.pedal) endAll(this.pedalled, tick);
  }

  /** A key goes up: the note ends, unless a pedal holds it. Nothing where it has ended. */
  letGo(note: PlayedNote, tick: number): void {
    if (note.endTick !== HELD) return;
    const isCaught = note.tick <= this.#sostenuto;
    if (note.role === "melody" && (isCaught || this.pedal)) {
      note.endTick = PEDALLED;
      addTo(isCaught ? this.caught : this.pedalled, note);
    } else {
      note.endTick = tick;
    }
  }

  /** What the pedals hold of a key ends. */
  endPedalled(key: number, tick: number): void {
    endOf(this.pedalled, key, tick);
    endOf(this.caught, key, tick);
  }

  /** All that the pedals hold ends. */
  endAllPedalled(tick: number): void {
    endAll(this.pedalled, tick);
    endAll(this.caught, tick);
  }

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

export function addTo(notes: Map<number, PlayedNote[]>, note: PlayedNote): void {
  const ofKey = notes.get(note.key);
  if (ofKey === undefined) notes.set(note.key, [note]);
  else ofKey.push(note);
}

function endOf(notes: Map<number, PlayedNote[]>, key: number, tick: number): void {
  const ofKey = notes.get(key);
  if (ofKey === undefined) return;
  for (const note of ofKey) note.endTick = tick;
  notes.delete(key);
}

function endAll(notes: Map<number, PlayedNote[]>, tick: number): void {
  for (const key of notes.keys()) endOf(notes, key, tick);
}
