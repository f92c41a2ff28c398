/**
 * The events of a Standard MIDI File's tracks, read one after another into columns. Damage costs
 * what it hits and no more: a stray byte is stepped over to where events follow again.
 */
import { Failure } from "#base/failure.ts";
import { CHANNELS, EventList } from "./event-list.ts";
import { Cursor } from "./midi-bytes.ts";
import type { MeterChange, TempoChange, WrittenText } from "./midi-song.ts";
import { decodeText } from "./midi-text.ts";
import { dataBytes, eventsFollow, findEvent } from "./next-event.ts";
import { PortNames } from "./port-names.ts";
import { type SystemChange, systemChange } from "./sound-system.ts";

/** Most notes a file may hold; the longest symphonies have a tenth of it. */
const MAX_MIDI_NOTES = 300_000;

/** Damaged places of one track that are stepped over before its rest is left out. */
const MOST_DAMAGE = 200;

/** Most warnings that are told of a file. */
const MOST_WARNINGS = 100;

/** Most markers and texts that are kept: those of a song with words in every bar are fewer. */
const MOST_TEXTS = 4096;

/** Most system exclusive messages that are kept: fades of the master volume have hundreds. */
const MOST_SYSTEM_CHANGES = 4096;

/** A system exclusive change in time; to all ports where its track names none. */
export interface TimedSystemChange {
  readonly tick: number;
  readonly port: number | undefined;
  readonly change: SystemChange;
}

/** Reads tracks; what they say is gathered in its fields, in the order of the file. */
export class TrackReader {
  readonly events = new EventList();
  readonly ports = new PortNames();
  readonly tempos: TempoChange[] = [];
  readonly meters: MeterChange[] = [];
  readonly texts: WrittenText[] = [];
  systemChanges: TimedSystemChange[] = [];
  readonly names: string[] = [];
  /** The tick at which each track ends. */
  readonly endTicks: number[] = [];
  readonly warnings: string[] = [];
  readonly #bends: boolean;
  #struck = 0;
  #leavesOut = false;

  /** @param bends whether pitch bends are kept: files are full of them, and only sound needs them. */
  constructor(bends: boolean) {
    this.#bends = bends;
  }

  warn(sentence: string): void {
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push(sentence);
  }

  /**
   * What gives `apply` the system exclusive changes up to each tick that it is called with, ticks ascending; at one tick
   * a reset comes before what it would undo.
   */
  systemChangesInTime(apply: (timed: TimedSystemChange) => void): (tick: number) => void {
    const isReset = ({ change }: TimedSystemChange): number => Number("system" in change);
    const changes = [...this.systemChanges].sort(
      (a, b) => a.tick - b.tick || isReset(b) - isReset(a),
    );
    let next = 0;
    return (tick) => {
      while (next < changes.length && changes[next].tick <= tick) apply(changes[next++]);
    };
  }

  /** Leaves out master volumes where one of them is 0; whether one was. */
  passOverMasterVolumes(): boolean {
    const muted = this.systemChanges.some(
      ({ change }) => "masterVolume" in change && change.masterVolume === 0,
    );
    if (!muted) return false;
    this.systemChanges = this.systemChanges.filter(({ change }) => !("masterVolume" in change));
    return true;
  }

  /** The ports that a system exclusive change goes to. */
  portsOf({ port }: TimedSystemChange): number[] {
    return port === undefined ? [...Array(this.ports.count).keys()] : [port];
  }

  /** Reads a track up to its end event or `end`; returns the offset where reading stopped. */
  read(bytes: Uint8Array, start: number, end: number): number {
    const track = this.endTicks.length;
    const cursor = new Cursor(bytes, start, end);
    this.events.beginTrack();
    let tick = 0;
    let status = 0;
    let interrupted = false; // a system exclusive message ends running status
    let damage = 0;
    let ended = false;
    while (!ended && !cursor.ended) {
      tick += cursor.variableLength();
      if (cursor.ended) break;
      const first = cursor.peek();
      if (first >= 0xf0) {
        cursor.advance(1);
        if (first === 0xff) {
          ended = this.#readMeta(cursor, tick, track);
        } else if (first === 0xf0 || first === 0xf7) {
          this.#readSystemExclusive(cursor, tick, first);
          interrupted = true;
        } else {
          // A clock, sensing or song position byte: foreign to files, an event of its own.
          cursor.advance(first === 0xf2 ? 2 : first === 0xf1 || first === 0xf3 ? 1 : 0);
          damage++;
        }
        continue;
      }
      if (first >= 0x80) status = cursor.byte();
      else if (interrupted && status > 0) {
        this.warn(`Track ${track} goes on in running status after a system exclusive message.`);
      }
      interrupted = false;
      if (this.#readMessage(cursor, tick, status)) continue;
      const next = findEvent(cursor, cursor.offset, status);
      if (++damage > MOST_DAMAGE || next === undefined) {
        this.warn(`Track ${track} is damaged; its rest is left out.`);
        break;
      }
      cursor.moveTo(next);
    }
    if (damage > 0)
      this.warn(`Track ${track} has stray bytes in ${damage} places; it goes on after them.`);
    if (!ended) this.warn(`Track ${track} has no end of track.`);
    this.endTicks.push(tick);
    this.ports.endTrack();
    return cursor.offset;
  }

  /** Reads the data of a channel message; false, at the first byte after the damage, where they are none. */
  #readMessage(cursor: Cursor, tick: number, status: number): boolean {
    const count = dataBytes(status);
    if (count === 0) {
      cursor.advance(1);
      return false;
    }
    if (cursor.left < count) {
      cursor.advance(count); // the track is cut off inside the message
      return true;
    }
    const data1 = this.#dataByte(cursor, status, count - 1);
    const data2 = count === 2 ? this.#dataByte(cursor, status, 0) : 0;
    if (data1 > 127 || data2 > 127) return false;
    const kind = status >> 4;
    const channel = this.ports.current * CHANNELS + (status & 15);
    if (kind === 9 && data2 > 0) {
      if (++this.#struck > MAX_MIDI_NOTES) {
        throw new Failure(
          "too-large",
          `The MIDI file holds more than ${MAX_MIDI_NOTES} notes; take a part of it.`,
        );
      }
      this.events.push(tick, channel, status, data1, data2);
    } else if (kind === 8 || kind === 9) {
      this.events.push(tick, channel, 0x80, data1, data2);
    } else if (kind === 11 || kind === 12 || (kind === 14 && this.#bends)) {
      this.events.push(tick, channel, status, data1, data2);
    }
    return true;
  }

  /** A data byte; a clock or sensing byte before it is stepped over where the message goes on after it. */
  #dataByte(cursor: Cursor, status: number, more: number): number {
    const byte = cursor.byte();
    if (byte < 0xf8 || cursor.peek() > 127) return byte;
    return eventsFollow(cursor, cursor.offset + 1 + more, status) ? cursor.byte() : byte;
  }

  /** Reads a meta event; true at the end of the track. */
  #readMeta(cursor: Cursor, tick: number, track: number): boolean {
    const type = cursor.byte();
    const length = cursor.variableLength();
    const data = cursor.take(length);
    if (type === 0x2f) return true;
    if (type === 0x03) {
      this.names[track] ??= decodeText(data);
    } else if (type === 0x01 || type === 0x06) {
      const kind = type === 0x06 ? "marker" : "text";
      if (this.texts.length < MOST_TEXTS) this.texts.push({ tick, kind, text: decodeText(data) });
    } else if (type === 0x09) {
      this.ports.nameDevice(decodeText(data));
    } else if (type === 0x21 && data.length >= 1) {
      this.ports.nameNumber(data[0]);
    } else if (type === 0x51 && data.length >= 3) {
      const microseconds = (data[0] << 16) | (data[1] << 8) | data[2];
      if (microseconds > 0) this.tempos.push({ tick, tempo: 60_000_000 / microseconds });
    } else if (type === 0x58 && data.length >= 2 && data[0] > 0 && data[1] <= 6) {
      this.meters.push({ tick, numerator: data[0], denominator: 2 ** data[1] });
    }
    return false;
  }

  /** Reads a system exclusive message (F0) or what goes on with one (F7). */
  #readSystemExclusive(cursor: Cursor, tick: number, first: number): void {
    const start = cursor.offset;
    const length = cursor.variableLength();
    if (length > cursor.left) {
      // Written without its length, as it goes over a cable: it lasts to its own end.
      const end = cursor.find(0xf7);
      cursor.moveTo(end < 0 ? cursor.offset + cursor.left : end + 1);
      if (end >= 0) this.warn(`A system exclusive message at byte ${start} has no length.`);
      return;
    }
    const data = cursor.take(length);
    const change = first === 0xf0 ? systemChange(data) : undefined;
    if (change === undefined) return;
    if (this.systemChanges.length === MOST_SYSTEM_CHANGES) {
      if (!this.#leavesOut)
        this.warn(
          `More than ${MOST_SYSTEM_CHANGES} system exclusive messages set volumes or parts; the rest is passed over.`,
        );
      this.#leavesOut = true;
      return;
    }
    const port = this.ports.named ? this.ports.current : undefined;
    this.systemChanges.push({ tick, port, change });
  }
}
