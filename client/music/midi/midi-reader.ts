/**
 * Reads Standard MIDI Files 1.0, bare or in a RIFF wrapper (".rmi"): formats 0 and 1, and format 2
 * with one pattern; several independent patterns are no song, so they are refused. Own code because the floor takes no packages and because
 * hostile files must cost bounded time and memory: every length is checked against the bytes that
 * are there before anything is allocated. Chunk lengths and the track count are believed where
 * they agree with what follows; else a track lasts to its end event, and reading goes on at the
 * next "MTrk". Damage keeps what can be read and is reported in `warnings`.
 */
import { Failure } from "#base/failure.ts";
import { channelCurves } from "./channel-curves.ts";
import { chunkId, readUint16, readUint32 } from "./midi-bytes.ts";
import type { Division, MidiSong } from "./midi-song.ts";
import { type Performance, perform } from "./performance.ts";
import { playedNotes } from "./playback.ts";
import { TrackReader } from "./track-reader.ts";

/** Largest file that is read, in bytes. */
export const MAX_MIDI_BYTES = 4 * 1024 * 1024;

/** Most tracks that are read, as many as a header can announce. */
const MOST_TRACKS = 65_535;

/**
 * Reads a file.
 * @throws Failure "too-large" over 4 MiB or 300,000 notes, "unsupported" for several patterns, "unreadable" for what is no MIDI file.
 */
export const readMidi = (bytes: Uint8Array): MidiSong => readSong(bytes, false).song;

/** Reads a file as it is to be heard, with what its controllers do. @throws Failure as `readMidi` */
export function readPerformance(
  bytes: Uint8Array,
): Performance & Pick<MidiSong, "title" | "warnings"> {
  const { song, reader } = readSong(bytes, true);
  const { title, warnings } = song;
  return { ...perform(song, channelCurves(reader)), title, warnings };
}

function readSong(
  bytes: Uint8Array,
  bends: boolean,
): { readonly song: MidiSong; readonly reader: TrackReader } {
  if (bytes.length > MAX_MIDI_BYTES) {
    throw new Failure(
      "too-large",
      `The MIDI file has ${bytes.length} bytes and the limit is ${MAX_MIDI_BYTES}; split it.`,
    );
  }
  const file = unwrapped(bytes);
  const header = readHeader(file);
  const reader = new TrackReader(bends);
  const tracks = readTracks(file, header, reader);
  if (tracks === 0) {
    throw new Failure("unreadable", "The MIDI file holds no track; save it again from its editor.");
  }
  if (header.format === 2 && tracks > 1) {
    throw new Failure(
      "unsupported",
      `The MIDI file holds ${tracks} independent patterns (format 2); save the song as format 0 or 1.`,
    );
  }
  if (tracks !== header.tracks) {
    reader.warn(`${header.tracks} tracks announced, ${tracks} found.`);
  }
  const notes = playedNotes(reader);
  const byTick = <T extends { tick: number }>(list: T[]): T[] =>
    list.sort((a, b) => a.tick - b.tick);
  const trackNames = Array.from({ length: tracks }, (_, track) => reader.names[track] ?? "");
  const isTitle = tracks === 1 || !notes.some(({ track }) => track === 0);
  const song: MidiSong = {
    format: header.format,
    division: header.division,
    trackCount: tracks,
    trackNames,
    title: isTitle && trackNames[0] !== "" ? trackNames[0] : undefined,
    notes,
    tempos: byTick(reader.tempos),
    meters: byTick(reader.meters),
    texts: byTick(reader.texts),
    warnings: reader.warnings,
  };
  return { song, reader };
}

/** Reads all tracks after the header; returns their number. */
function readTracks(bytes: Uint8Array, header: Header, reader: TrackReader): number {
  let tracks = 0;
  let offset = header.end;
  if (!isChunk(bytes, offset)) {
    reader.warn("The header is not as long as it says.");
    offset = nextTrack(bytes, header.leastEnd);
  }
  while (offset + 8 <= bytes.length && tracks < MOST_TRACKS) {
    const start = offset + 8;
    const end = start + readUint32(bytes, offset + 4);
    const believed = end === bytes.length || isChunk(bytes, end);
    if (!isTrack(bytes, offset)) {
      if (!believed) reader.warn(`The chunk at byte ${offset} is not as long as it says.`);
      offset = believed ? end : nextTrack(bytes, start);
      continue;
    }
    const stop = reader.read(bytes, start, believed ? end : nextTrack(bytes, start));
    // The length may name a later chunk by chance: a track that follows the end event is the next.
    const misled = believed ? stop < end && isTrack(bytes, stop) : stop !== end;
    if (misled) reader.warn(`Track ${tracks} is not as long as it says.`);
    offset = believed && !misled ? end : nextTrack(bytes, stop);
    tracks++;
  }
  return tracks;
}

/** Whether a track's chunk ("MTrk") begins at an offset. */
const isTrack = (bytes: Uint8Array, offset: number): boolean =>
  bytes[offset] === 0x4d &&
  bytes[offset + 1] === 0x54 &&
  bytes[offset + 2] === 0x72 &&
  bytes[offset + 3] === 0x6b;

/** Whether a chunk begins at an offset: a track, or one of four letters that ends within the file. */
const isChunk = (bytes: Uint8Array, offset: number): boolean =>
  offset + 8 <= bytes.length &&
  (isTrack(bytes, offset) ||
    (/^[ -~]{4}$/.test(chunkId(bytes, offset)) &&
      offset + 8 + readUint32(bytes, offset + 4) <= bytes.length));

/** Offset of the next track's chunk, the length of the file where there is none. */
function nextTrack(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0x4d, from);
  while (at >= 0 && !isTrack(bytes, at)) at = bytes.indexOf(0x4d, at + 1);
  return at < 0 ? bytes.length : at;
}

/** The file itself: of a RIFF wrapper ("RMID") what its data chunk holds, among others in any order. */
function unwrapped(bytes: Uint8Array): Uint8Array {
  if (chunkId(bytes, 0) !== "RIFF" || chunkId(bytes, 8) !== "RMID") return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const length = view.getUint32(offset + 4, true);
    const start = offset + 8;
    if (chunkId(bytes, offset) === "data") return bytes.subarray(start, start + length);
    offset = start + length + (length % 2); // chunks are padded to an even length
  }
  return bytes;
}

interface Header {
  readonly format: MidiSong["format"];
  readonly tracks: number;
  readonly division: Division;
  readonly end: number;
  /** Where it ends if its length is wrong. */
  readonly leastEnd: number;
}

function readHeader(bytes: Uint8Array): Header {
  const length = bytes.length >= 14 ? readUint32(bytes, 4) : 0;
  if (chunkId(bytes, 0) !== "MThd" || length < 6) {
    throw new Failure(
      "unreadable",
      "This is not a Standard MIDI File (no MThd header); choose a .mid file.",
    );
  }
  const format = readUint16(bytes, 8);
  if (format !== 0 && format !== 1 && format !== 2) {
    throw new Failure(
      "unsupported",
      `MIDI format ${format} is not known; save the song as format 0 or 1.`,
    );
  }
  return {
    format,
    tracks: readUint16(bytes, 10),
    division: readDivision(readUint16(bytes, 12)),
    end: 8 + length,
    leastEnd: 14,
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
