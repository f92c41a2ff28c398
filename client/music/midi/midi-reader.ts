/**
 * Reads Standard MIDI Files 1.0 (formats 0 and 1; format 2's tracks are read as one after another
 * would be wrong, so it is refused). Own code because the floor takes no packages and because
 * hostile files must cost bounded time and memory: every length is checked against the bytes that
 * are there before anything is allocated. Damage at the end of a file (a cut track, no end of
 * track) keeps what was read and is reported in `warnings`; damage before any note is refused.
 */
import { Failure } from "#base/failure.ts";
import { chunkId, readUint16, readUint32 } from "./midi-bytes.ts";
import type { Division, MidiSong } from "./midi-song.ts";
import { TrackCollector } from "./midi-tracks.ts";

/** Largest file that is read, in bytes. */
export const MAX_MIDI_BYTES = 4 * 1024 * 1024;

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
  const collector = new TrackCollector(header.format);
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
