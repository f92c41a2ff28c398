/**
 * The events of a Standard MIDI File's tracks, gathered into one song: notes paired with their ends,
 * programs given to them. A channel's program is shared between tracks, as in a synthesiser.
 */
import { Failure } from "#base/failure.ts";
import { Cursor } from "./midi-bytes.ts";
import type { Division, MeterChange, MidiNote, MidiSong, TempoChange } from "./midi-song.ts";

/** Most notes a file may hold; the longest symphonies have a tenth of it. */
export const MAX_MIDI_NOTES = 300_000;

interface ProgramChange {
  readonly tick: number;
  readonly order: number;
  readonly channel: number;
  readonly program: number;
}

/** Gathers the events of all tracks; channel programs are shared between tracks, as in a synth. */
export class TrackCollector {
  readonly #format: 0 | 1;
  readonly #notes: MidiNote[] = [];
  readonly #tempos: TempoChange[] = [];
  readonly #meters: MeterChange[] = [];
  readonly #programs: ProgramChange[] = [];
  readonly #noteOrder: number[] = [];
  readonly #names: string[] = [];
  readonly #warnings: string[] = [];
  #order = 0;
  #begun = 0;

  constructor(format: 0 | 1) {
    this.#format = format;
  }

  warn(sentence: string): void {
    this.#warnings.push(sentence);
  }

  readTrack(bytes: Uint8Array, start: number, end: number, track: number): void {
    const cursor = new Cursor(bytes, start, end);
    const open = new Map<number, OpenNotes>(); // by channel and pitch
    let tick = 0;
    let status = 0;
    let ended = false;
    const close = (key: number, at: number): void => {
      const begun = open.get(key)?.takeOldest();
      if (begun === undefined) return;
      this.#noteOrder.push(begun.order);
      this.#notes.push({
        tick: begun.tick,
        endTick: at,
        track,
        channel: key >> 7,
        pitch: key & 127,
        velocity: begun.velocity,
        program: undefined,
      });
    };
    while (!ended && !cursor.ended) {
      tick += cursor.variableLength();
      const first = cursor.byte();
      let data1: number;
      if (first < 0x80) {
        if (status === 0) {
          this.warn(`Track ${track} has a data byte without a status; its rest is left out.`);
          break;
        }
        data1 = first; // running status
      } else if (first < 0xf0) {
        status = first;
        data1 = cursor.byte();
      } else {
        if (first === 0xff) ended = this.#readMeta(cursor, tick, track);
        else if (first === 0xf0 || first === 0xf7) cursor.advance(cursor.variableLength());
        else {
          this.warn(
            `Track ${track} has the status ${first}, foreign to files; its rest is left out.`,
          );
          break;
        }
        if (first !== 0xff) status = 0; // system exclusive cancels running status
        continue;
      }
      const type = status & 0xf0;
      const channel = status & 0x0f;
      if (type === 0xc0) {
        this.#programs.push({ tick, order: this.#order++, channel, program: data1 & 127 });
        continue;
      }
      if (type === 0xd0) continue;
      const data2 = cursor.byte();
      const key = channel * 128 + (data1 & 127);
      if (type === 0x90 && data2 > 0) {
        let waiting = open.get(key);
        if (waiting === undefined) {
          waiting = new OpenNotes();
          open.set(key, waiting);
        }
        waiting.add({ tick, velocity: data2 & 127, order: this.#order++ });
        if (++this.#begun > MAX_MIDI_NOTES) {
          throw new Failure(
            "too-large",
            `The MIDI file holds more than ${MAX_MIDI_NOTES} notes; take a part of it.`,
          );
        }
      } else if (type === 0x80 || type === 0x90) {
        close(key, tick);
      }
    }
    if (!ended) this.warn(`Track ${track} has no end of track.`);
    let hanging = 0;
    for (const [key, waiting] of open) {
      for (let count = waiting.count; count > 0; count--) {
        close(key, tick);
        hanging++;
      }
    }
    if (hanging > 0)
      this.warn(`Track ${track} leaves ${hanging} notes on; they end with the track.`);
  }

  /** Reads a meta event; true at the end of the track. */
  #readMeta(cursor: Cursor, tick: number, track: number): boolean {
    const type = cursor.byte();
    const length = cursor.variableLength();
    const data = cursor.take(length);
    if (type === 0x2f) return true;
    if (type === 0x03 && this.#names[track] === undefined) {
      this.#names[track] = new TextDecoder("latin1").decode(data.subarray(0, 256)).trim();
    } else if (type === 0x51 && data.length >= 3) {
      const microseconds = (data[0] << 16) | (data[1] << 8) | data[2];
      if (microseconds > 0) this.#tempos.push({ tick, tempo: 60_000_000 / microseconds });
    } else if (type === 0x58 && data.length >= 2 && data[0] > 0 && data[1] <= 6) {
      this.#meters.push({ tick, numerator: data[0], denominator: 2 ** data[1] });
    }
    return false;
  }

  song(division: Division, trackCount: number): MidiSong {
    const order = this.#notes.map((_, index) => index);
    order.sort(
      (a, b) =>
        this.#notes[a].tick - this.#notes[b].tick || this.#noteOrder[a] - this.#noteOrder[b],
    );
    this.#assignPrograms(order);
    const byTick = <T extends { tick: number }>(list: T[]): T[] =>
      list.sort((a, b) => a.tick - b.tick);
    return {
      format: this.#format,
      division,
      trackCount,
      trackNames: Array.from({ length: trackCount }, (_, track) => this.#names[track] ?? ""),
      notes: order.map((index) => this.#notes[index]),
      tempos: byTick(this.#tempos),
      meters: byTick(this.#meters),
      warnings: this.#warnings,
    };
  }

  /** Gives each note the program its channel had; at one tick a program change comes before notes. */
  #assignPrograms(order: readonly number[]): void {
    this.#programs.sort((a, b) => a.tick - b.tick || a.order - b.order);
    const current = new Array<number | undefined>(16).fill(undefined);
    let next = 0;
    for (const index of order) {
      const note = this.#notes[index];
      while (next < this.#programs.length && this.#programs[next].tick <= note.tick) {
        const change = this.#programs[next++];
        current[change.channel] = change.program;
      }
      note.program = current[note.channel];
    }
  }
}

interface OpenNote {
  readonly tick: number;
  readonly velocity: number;
  readonly order: number;
}

/** Notes of one key that were struck and not yet released; first struck, first released. */
class OpenNotes {
  readonly #notes: OpenNote[] = [];
  #head = 0;

  get count(): number {
    return this.#notes.length - this.#head;
  }

  add(note: OpenNote): void {
    this.#notes.push(note);
  }

  takeOldest(): OpenNote | undefined {
    const note = this.#notes[this.#head];
    if (note === undefined) return undefined;
    this.#head++;
    if (this.#head === this.#notes.length) {
      this.#notes.length = 0;
      this.#head = 0;
    }
    return note;
  }
}
