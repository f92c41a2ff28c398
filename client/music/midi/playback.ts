/**
 * Plays the messages of all tracks in time, as a synthesiser would, and writes down what sounds:
 * each note with the program, role and loudness of its channel, from its strike to where it ends
 * to the ear. A channel belongs to all tracks that speak on it.
 *
 * - The sustain pedal (controller 64, down from 64 on) holds released notes until it goes up or
 *   their key is struck again; it never cuts a key that is held. Drums take no notice of it.
 * - A note without a note-off in its own track ends with the first in another track of its channel,
 *   with the next strike of its key, with "all notes off", or else with its track.
 * - At one tick programs, banks and volumes count before notes, whatever track they stand in.
 */

import {
  addTo,
  Channel,
  HELD,
  letGo,
  PEDALLED,
  type PlayedNote,
  type Silence,
} from "./channel-state.ts";
import { CHANNELS, type EventList } from "./event-list.ts";
import type { MidiNote } from "./midi-song.ts";
import {
  ALL_SOUND_OFF,
  CONTROL,
  endsNotes,
  NOTE_OFF,
  NOTE_ON,
  pairNotes,
  UNPAIRED,
} from "./note-pairs.ts";
import { roleOf, type SoundSystem } from "./sound-system.ts";
import type { TimedSystemChange, TrackReader } from "./track-reader.ts";

const PROGRAM_CHANGE = 12;
const BANK = 0;
const VOLUME = 7;
const EXPRESSION = 11;
const SUSTAIN = 64;
const RESET_CONTROLLERS = 121;

/** The notes that sound, by tick. */
export function playedNotes(reader: TrackReader): MidiNote[] {
  return new Playback(reader).play();
}

class Playback {
  readonly #events: EventList;
  readonly #reader: TrackReader;
  readonly #partners: Int32Array;
  readonly #tracks: Uint16Array;
  readonly #channels: (Channel | undefined)[] = [];
  readonly #systems: (SoundSystem | undefined)[] = [];
  readonly #notes: PlayedNote[] = [];
  readonly #silences = new Map<PlayedNote, Silence>();
  /** By the index of a note-on: the index of its note. */
  readonly #noteOf: Int32Array;
  #missing = 0;

  constructor(reader: TrackReader) {
    this.#reader = reader;
    this.#events = reader.events;
    this.#partners = pairNotes(reader.events);
    this.#tracks = tracksOf(reader.events);
    this.#noteOf = new Int32Array(reader.events.length);
  }

  play(): MidiNote[] {
    const events = this.#events;
    const order = events.inTime();
    const changes = systemChangesInTime(this.#reader.systemChanges);
    let change = 0;
    for (let from = 0, to = 0; from < order.length; from = to) {
      const tick = events.tick(order[from]);
      while (change < changes.length && changes[change].tick <= tick) {
        this.#applySystem(changes[change++]);
      }
      for (to = from; to < order.length && events.tick(order[to]) === tick; to++) {
        this.#applySetting(order[to], tick);
      }
      for (let at = from; at < to; at++) this.#applyNote(order[at], tick);
    }
    this.#endAll();
    for (const [note, silence] of this.#silences) note.silent = note.endTick <= silence.until;
    return this.#notes;
  }

  #channel(index: number): Channel {
    let channel = this.#channels[index];
    if (channel === undefined) {
      channel = new Channel();
      this.#channels[index] = channel;
    }
    return channel;
  }

  #applySystem({ port, change }: TimedSystemChange): void {
    const ports = port === undefined ? [...Array(this.#reader.ports.count).keys()] : [port];
    for (const each of ports) {
      if ("rhythm" in change) {
        this.#channel(each * CHANNELS + change.channel).rhythm = change.rhythm;
        continue;
      }
      this.#systems[each] = change.system;
      for (let index = each * CHANNELS; index < (each + 1) * CHANNELS; index++) {
        const channel = this.#channels[index];
        if (channel === undefined) continue;
        channel.rhythm = undefined;
        channel.bank = undefined;
      }
    }
  }

  #applySetting(index: number, tick: number): void {
    const kind = this.#events.kind(index);
    if (kind !== CONTROL && kind !== PROGRAM_CHANGE) return;
    const channel = this.#channel(this.#events.channel(index));
    const data1 = this.#events.data1(index);
    if (kind === PROGRAM_CHANGE) {
      channel.program = data1;
      channel.bank = channel.nextBank;
      return;
    }
    const value = this.#events.data2(index);
    if (data1 === BANK) channel.nextBank = value;
    else if (data1 === VOLUME) channel.volume = value;
    else if (data1 === EXPRESSION) channel.expression = value;
    else if (data1 === RESET_CONTROLLERS) channel.expression = 127;
    else {
      channel.tune(data1, value);
      return;
    }
    if (channel.volume * channel.expression === 0) {
      channel.silence ??= { until: Number.POSITIVE_INFINITY };
    } else if (channel.silence !== undefined) {
      channel.silence.until = tick;
      channel.silence = undefined;
    }
  }

  #applyNote(index: number, tick: number): void {
    const kind = this.#events.kind(index);
    if (kind === NOTE_ON) this.#strike(index, tick);
    else if (kind === NOTE_OFF) this.#release(index, tick);
    else if (kind === CONTROL) {
      const controller = this.#events.data1(index);
      const channel = this.#channel(this.#events.channel(index));
      if (controller === SUSTAIN) this.#movePedal(channel, this.#events.data2(index) >= 64, tick);
      else if (controller === RESET_CONTROLLERS) this.#movePedal(channel, false, tick);
      else if (endsNotes(controller)) this.#quiet(channel, controller === ALL_SOUND_OFF, tick);
    }
  }

  #strike(index: number, tick: number): void {
    const at = this.#events.channel(index);
    const port = at >> 4;
    const channel = this.#channel(at);
    const key = this.#events.data1(index);
    if (channel.pedalled.size > 0) this.#endPedalled(channel, key, tick);
    if (channel.unpaired.size > 0) this.#endUnpaired(channel, key, tick);
    const role = this.#role(channel, port, at & 15);
    const note: PlayedNote = {
      tick,
      endTick: HELD,
      track: this.#tracks[index],
      port,
      channel: at & 15,
      key,
      pitch: role === "drums" ? key : Math.min(127, Math.max(0, key + channel.tuning)),
      velocity: this.#events.data2(index),
      program: channel.program,
      role,
      silent: false,
    };
    this.#noteOf[index] = this.#notes.length;
    this.#notes.push(note);
    channel.struck.push(note);
    if (channel.silence !== undefined) this.#silences.set(note, channel.silence);
    if (this.#partners[index] !== UNPAIRED) return;
    this.#missing++;
    addTo(channel.unpaired, note);
  }

  /** A strike ends what nothing else ends. Strikes of one tick are one, written twice: they end together. */
  #endUnpaired(channel: Channel, key: number, tick: number): void {
    const notes = channel.unpaired.get(key);
    if (notes === undefined || notes[0].tick === tick) return;
    for (const note of notes) note.endTick = tick;
    channel.unpaired.delete(key);
  }

  #role(channel: Channel, port: number, number: number) {
    if (channel.rhythm !== undefined) return channel.rhythm ? "drums" : "melody";
    return roleOf(this.#systems[port], number, channel.bank, channel.program);
  }

  #release(index: number, tick: number): void {
    const channel = this.#channel(this.#events.channel(index));
    const partner = this.#partners[index];
    if (partner !== UNPAIRED) {
      letGo(channel, this.#notes[this.#noteOf[partner]], tick);
      return;
    }
    const notes = channel.unpaired.get(this.#events.data1(index));
    if (notes === undefined) return;
    this.#missing -= notes.length;
    for (const note of notes) letGo(channel, note, tick);
    channel.unpaired.delete(notes[0].key);
  }

  #movePedal(channel: Channel, down: boolean, tick: number): void {
    channel.pedal = down;
    if (down) return;
    for (const key of channel.pedalled.keys()) this.#endPedalled(channel, key, tick);
  }

  #endPedalled(channel: Channel, key: number, tick: number): void {
    for (const note of channel.pedalled.get(key) ?? []) note.endTick = tick;
    channel.pedalled.delete(key);
  }

  /** All notes off, or all sound off. Notes struck at its very tick are meant to sound. */
  #quiet(channel: Channel, sound: boolean, tick: number): void {
    if (channel.quietAt < tick) {
      channel.quietAt = tick;
      for (const note of channel.struck) if (note.tick < tick) letGo(channel, note, tick);
      channel.struck = channel.struck.filter((note) => note.tick === tick);
      for (const [key, notes] of channel.unpaired) {
        if (notes[0].tick === tick) continue;
        this.#missing -= notes.length;
        channel.unpaired.delete(key);
      }
    }
    if (!sound) return;
    for (const key of channel.pedalled.keys()) this.#endPedalled(channel, key, tick);
  }

  /** Ends what nothing ended: held keys with their track, what the pedal holds with the last track. */
  #endAll(): void {
    const ends = this.#reader.endTicks;
    const last = ends.reduce((latest, tick) => Math.max(latest, tick), 0);
    for (const note of this.#notes) {
      if (note.endTick === HELD) note.endTick = Math.max(note.tick, ends[note.track]);
      else if (note.endTick === PEDALLED) note.endTick = last;
    }
    if (this.#missing > 0) {
      this.#reader.warn(
        `${this.#missing} notes lack a note-off; they end with the next strike of their key or with their track.`,
      );
    }
  }
}

/** The track of each message. */
function tracksOf(events: EventList): Uint16Array {
  const tracks = new Uint16Array(events.length);
  const starts = events.trackStarts;
  for (const [track, start] of starts.entries()) tracks.fill(track, start, starts[track + 1]);
  return tracks;
}

/** Changes by tick; at one tick a reset comes before what it would undo. */
const systemChangesInTime = (changes: readonly TimedSystemChange[]): TimedSystemChange[] =>
  [...changes].sort(
    (a, b) => a.tick - b.tick || Number("rhythm" in a.change) - Number("rhythm" in b.change),
  );
