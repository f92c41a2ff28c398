/**
 * Plays the messages of all tracks in time, as a synthesiser would, and writes down what sounds:
 * each note with the program, role and loudness of its channel, from its strike to where it ends
 * to the ear. A channel belongs to all tracks that speak on it.
 *
 * - The sustain pedal (controller 64, down from 64 on) holds released notes until it goes up or
 *   their key is struck again; it never cuts a key that is held. Drums take no notice of it.
 * - The sostenuto pedal (66) does the same to what sounds when it goes down, be it held by a key or
 *   by the other pedal, and to nothing that is struck after that tick. Strikes of its own tick count
 *   as before it: files hold the chord under which it stands, written before it or after. Set before
 *   the first note of a channel it holds none.
 * - A note without a note-off in its own track ends with the first in another track of its channel,
 *   with the next strike of its key, with "all notes off", or else with its track.
 * - At one tick programs, banks and volumes count before notes, whatever track they stand in.
 * - The master volume is silence at 0 as a channel's is; resets (GM, GS, XG) make it full. Nobody
 *   means a file of which nothing is heard: where every note would be silent, it is passed over.
 */

import {
  addTo,
  Channel,
  HELD,
  PEDALLED,
  type PlayedNote,
  Port,
  type Silence,
} from "./channel-state.ts";
import { CHANNELS, type EventList } from "./event-list.ts";
import type { ChannelRole, MidiNote } from "./midi-song.ts";
import {
  ALL_SOUND_OFF,
  CONTROL,
  endsNotes,
  NOTE_OFF,
  NOTE_ON,
  pairNotes,
  UNPAIRED,
} from "./note-pairs.ts";
import { FULL_VOLUME, roleOf } from "./sound-system.ts";
import type { TimedSystemChange, TrackReader } from "./track-reader.ts";

const PROGRAM_CHANGE = 12;
const BANK = 0;
const VOLUME = 7;
const EXPRESSION = 11;
const SUSTAIN = 64;
const SOSTENUTO = 66;
const RESET_CONTROLLERS = 121;

/** The notes that sound, by tick. */
export function playedNotes(reader: TrackReader): MidiNote[] {
  const playback = new Playback(reader);
  const notes = playback.play();
  const isMute = notes.length > 0 && notes.every(({ silent }) => silent);
  if (isMute && reader.passOverMasterVolumes()) {
    const heard = playedNotes(reader);
    if (heard.some(({ silent }) => !silent))
      reader.warn("The master volume is 0 under every note; it is passed over.");
    return heard;
  }
  playback.warnOfMissing();
  return notes;
}

class Playback {
  readonly #events: EventList;
  readonly #reader: TrackReader;
  readonly #partners: Int32Array;
  readonly #tracks: Uint16Array;
  readonly #channels: (Channel | undefined)[] = [];
  readonly #ports: Port[] = [];
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
    const applyUntil = this.#reader.systemChangesInTime((timed) => this.#applySystem(timed));
    for (let from = 0, to = 0; from < order.length; from = to) {
      const tick = events.tick(order[from]);
      applyUntil(tick);
      for (to = from; to < order.length && events.tick(order[to]) === tick; to++) {
        this.#applySetting(order[to], tick);
      }
      for (let at = from; at < to; at++) this.#applyNote(order[at], tick);
    }
    applyUntil(Number.POSITIVE_INFINITY);
    this.#endAll();
    for (const [note, silence] of this.#silences) note.silent = note.endTick <= silence.until;
    return this.#notes;
  }

  #channel(index: number): Channel {
    let channel = this.#channels[index];
    if (channel === undefined) {
      channel = new Channel(this.#port(index >> 4));
      this.#channels[index] = channel;
    }
    return channel;
  }

  #port(index: number): Port {
    this.#ports[index] ??= new Port();
    return this.#ports[index];
  }

  #applySystem(timed: TimedSystemChange): void {
    const { tick, change } = timed;
    for (const port of this.#reader.portsOf(timed)) {
      if ("channel" in change) {
        const channel = this.#channel(port * CHANNELS + change.channel);
        if ("rhythm" in change) channel.rhythm = change.rhythm;
        else {
          channel.volume = change.volume;
          channel.volumeSet(tick);
        }
        continue;
      }
      const shared = this.#port(port);
      shared.volume = "masterVolume" in change ? change.masterVolume : FULL_VOLUME;
      if ("system" in change) shared.system = change.system;
      for (let index = port * CHANNELS; index < (port + 1) * CHANNELS; index++) {
        const channel = this.#channels[index];
        if (channel === undefined) continue;
        channel.volumeSet(tick);
        if (!("system" in change)) continue;
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
    else if (data1 === RESET_CONTROLLERS) channel.resetControllers(tick);
    else channel.tune(data1, value);
    if (data1 === VOLUME || data1 === EXPRESSION) channel.volumeSet(tick);
  }

  #applyNote(index: number, tick: number): void {
    const kind = this.#events.kind(index);
    if (kind === NOTE_ON) this.#strike(index, tick);
    else if (kind === NOTE_OFF) this.#release(index, tick);
    else if (kind === CONTROL) {
      const controller = this.#events.data1(index);
      const channel = this.#channel(this.#events.channel(index));
      const down = this.#events.data2(index) >= 64;
      if (controller === SUSTAIN) channel.moveSustain(down, tick);
      else if (controller === SOSTENUTO) channel.moveSostenuto(down, tick);
      else if (controller === RESET_CONTROLLERS) {
        channel.moveSostenuto(false, tick);
        channel.moveSustain(false, tick);
      } else if (endsNotes(controller)) this.#quiet(channel, controller === ALL_SOUND_OFF, tick);
    }
  }

  #strike(index: number, tick: number): void {
    const at = this.#events.channel(index);
    const channel = this.#channel(at);
    const key = this.#events.data1(index);
    channel.endPedalled(key, tick);
    if (channel.unpaired.size > 0) this.#endUnpaired(channel, key, tick);
    const role = roleIn(channel, at & 15);
    const note: PlayedNote = {
      tick,
      endTick: HELD,
      track: this.#tracks[index],
      port: at >> 4,
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
    channel.played = true;
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

  #release(index: number, tick: number): void {
    const channel = this.#channel(this.#events.channel(index));
    const partner = this.#partners[index];
    if (partner !== UNPAIRED) {
      channel.letGo(this.#notes[this.#noteOf[partner]], tick);
      return;
    }
    const notes = channel.unpaired.get(this.#events.data1(index));
    if (notes === undefined) return;
    this.#missing -= notes.length;
    for (const note of notes) channel.letGo(note, tick);
    channel.unpaired.delete(notes[0].key);
  }

  /** All notes off, or all sound off. Notes struck at its very tick are meant to sound. */
  #quiet(channel: Channel, sound: boolean, tick: number): void {
    if (channel.quietAt < tick) {
      channel.quietAt = tick;
      for (const note of channel.struck) if (note.tick < tick) channel.letGo(note, tick);
      channel.struck = channel.struck.filter((note) => note.tick === tick);
      for (const [key, notes] of channel.unpaired) {
        if (notes[0].tick === tick) continue;
        this.#missing -= notes.length;
        channel.unpaired.delete(key);
      }
    }
    if (sound) channel.endAllPedalled(tick);
  }

  /** Ends what nothing ended: held keys with their track, what a pedal holds with the last track. */
  #endAll(): void {
    const ends = this.#reader.endTicks;
    const last = ends.reduce((latest, tick) => Math.max(latest, tick), 0);
    for (const note of this.#notes) {
      if (note.endTick === HELD) note.endTick = Math.max(note.tick, ends[note.track]);
      else if (note.endTick === PEDALLED) note.endTick = last;
    }
  }

  /** Tells of notes that had to end without a note-off, once played. */
  warnOfMissing(): void {
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

/** What a channel plays, by what its messages made of it. @param number 0-15 */
function roleIn({ port, rhythm, bank, program }: Channel, number: number): ChannelRole {
  if (rhythm !== undefined) return rhythm ? "drums" : "melody";
  return roleOf(port.system, number, bank, program);
}
