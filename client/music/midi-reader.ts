/**
 * Reads Standard MIDI Files 1.0 (formats 0 and 1; format 2's tracks are read as one after another
 * would be wrong, so it is refused). Own code because the floor takes no packages and because
 * hostile files must cost bounded time and memory: every length is checked against the bytes that
 * are there before anything is allocated. Damage at the end of a file (a cut track, no end of
 * track) keeps what was read and is reported in `warnings`; damage before any note is refused.
 */
import { Failure } from "#base/failure.ts";

/** Largest file that is read, in bytes. */
export const MAX_MIDI_BYTES = 4 * 1024 * 1024;

/** Most notes a file may hold; the longest symphonies have a tenth of it. */
export const MAX_MIDI_NOTES = 300_000;

/** How ticks measure time. */
export type Division =
  | { readonly kind: "musical"; readonly ticksPerQuarter: number }
  | { readonly kind: "smpte"; readonly ticksPerSecond: number };

/** A note of the file. Ticks are absolute; `program` is undefined where none was named before it. */
export interface MidiNote {
  readonly tick: number;
  readonly endTick: number;
  readonly track: number;
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
  program: number | undefined;
}

/** A tempo from a tick on, in quarter notes a minute. */
export interface TempoChange {
  readonly tick: number;
  readonly tempo: number;
}

/** A metre from a tick on, as written: `numerator`/`denominator`. */
export interface MeterChange {
  readonly tick: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** What a Standard MIDI File holds for us. Notes are ordered by tick. */
export interface MidiSong {
  readonly format: 0 | 1;
  readonly division: Division;
  readonly trackCount: number;
  readonly trackNames: readonly string[];
  readonly notes: readonly MidiNote[];
  readonly tempos: readonly TempoChange[];
  readonly meters: readonly MeterChange[];
  /** What was damaged and how it was read all the same, one sentence each. */
  readonly warnings: readonly string[];
}

interface ProgramChange {
  readonly tick: number;
  readonly order: number;
  readonly channel: number;
  readonly program: number;
}

/**
 * Reads a file.
 * @throws Failure "too-large" over 4 MiB or 300,000 notes, "unsupported" for format 2, "unreadable" for what is no MIDI file.
 */
export function readMidi(bytes: Uint8Array): MidiSong {
  if (bytes.length > MAX_MIDI_BYTES) {
    throw new Failure(
      "too-large",
      `The MIDI file has ${bytes.length} bytes and the limit is ${MAX_MIDI_BYTES}; split it.`,
    );
  }
  const header = readHeader(bytes);
  const collector = new Collector(header.format);
  let offset = header.end;
  let tracks = 0;
  while (offset + 8 <= bytes.length && tracks < header.tracks) {
    const id = chunkId(bytes, offset);
    const length = readUint32(bytes, offset + 4);
    const start = offset + 8;
    const end = Math.min(start + length, bytes.length);
    if (id === "MTrk") {
      if (start + length > bytes.length) collector.warn(`Track ${tracks} is cut off.`);
      collector.readTrack(bytes, start, end, tracks++);
    }
    offset = start + length;
  }
  if (tracks === 0) {
    throw new Failure("unreadable", "The MIDI file holds no track; save it again from its editor.");
  }
  if (tracks < header.tracks) collector.warn(`${header.tracks} tracks announced, ${tracks} found.`);
  return collector.song(header.division, tracks);
}

function readHeader(bytes: Uint8Array) {
  // A RIFF wrapper (".rmi") carries the file in its data chunk.
  const base = chunkId(bytes, 0) === "RIFF" && chunkId(bytes, 8) === "RMID" ? 20 : 0;
  const length = bytes.length >= base + 14 ? readUint32(bytes, base + 4) : 0;
  if (chunkId(bytes, base) !== "MThd" || length < 6) {
    throw new Failure(
      "unreadable",
      "This is not a Standard MIDI File (no MThd header); choose a .mid file.",
    );
  }
  const format = readUint16(bytes, base + 8);
  if (format !== 0 && format !== 1) {
    throw new Failure(
      "unsupported",
      `MIDI format ${format} holds independent patterns; save the song as format 0 or 1.`,
    );
  }
  const tracks = readUint16(bytes, base + 10);
  const raw = readUint16(bytes, base + 12);
  return {
    format: format as 0 | 1,
    tracks,
    division: readDivision(raw),
    end: base + 8 + length,
  };
}

function readDivision(raw: number): Division {
  if (raw & 0x8000) {
    const frames = 256 - (raw >> 8);
    const rate = frames === 29 ? 30_000 / 1001 : frames; // 29 means 30 drop frame
    const ticksPerSecond = rate * (raw & 0xff);
    if (ticksPerSecond > 0) return { kind: "smpte", ticksPerSecond };
  } else if (raw > 0) {
    return { kind: "musical", ticksPerQuarter: raw };
  }
  throw new Failure(
    "unreadable",
    "The MIDI file's time division is 0, so its notes have no place in time; save it again.",
  );
}

/** Gathers the events of all tracks; channel programs are shared between tracks, as in a synth. */
class Collector {
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
        else if (first === 0xf0 || first === 0xf7) cursor.skip(cursor.variableLength());
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

/** Reads bytes of one track; past the end it yields zeros and `ended`, and never allocates. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  get ended(): boolean {
    return this.#offset >= this.#end;
  }

  byte(): number {
    return this.#offset < this.#end ? this.#bytes[this.#offset++] : 0;
  }

  /** A variable-length quantity: at most four bytes, 28 bits. */
  variableLength(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.byte();
      value = (value << 7) | (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }

  skip(length: number): void {
    this.#offset = Math.min(this.#end, this.#offset + length);
  }

  /** A view of the next bytes, shorter where the track ends. */
  take(length: number): Uint8Array {
    const start = this.#offset;
    this.skip(length);
    return this.#bytes.subarray(start, this.#offset);
  }
}

const chunkId = (bytes: Uint8Array, offset: number): string =>
  String.fromCharCode(...bytes.subarray(offset, offset + 4));

const readUint16 = (bytes: Uint8Array, offset: number): number =>
  (bytes[offset] << 8) | bytes[offset + 1];

const readUint32 = (bytes: Uint8Array, offset: number): number =>
  readUint16(bytes, offset) * 0x10000 + readUint16(bytes, offset + 2);
