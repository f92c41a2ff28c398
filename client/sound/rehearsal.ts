/**
 * A piece for tests and benchmarks: the whole band on four chords, in the middle of what a
 * composer asks for (some eight notes a beat at mezzo-forte), the same every time.
 */
import { seconds } from "#base/brand.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { type Instrument, type InstrumentName, instrumentByName } from "#music/instrument.ts";

const BEAT = 0.5; // seconds
const CHORDS = [
  [57, 60, 64],
  [53, 57, 60],
  [48, 52, 55],
  [55, 59, 62],
] as const;

/** Notes of `length` seconds in which each of `names` (all twelve by default) has its part. */
export function rehearsal(length: number, names?: readonly InstrumentName[]): TimedNote[] {
  const notes: TimedNote[] = [];
  const add = (
    name: InstrumentName,
    beat: number,
    pitch: number,
    beats: number,
    velocity: number,
  ) => {
    const start = beat * BEAT;
    if (start >= length || (names && !names.includes(name))) return;
    const instrument = instrumentByName(name) as Instrument;
    const end = Math.min(length, start + beats * BEAT);
    const timing = { start: seconds(start), length: seconds(end - start) };
    notes.push({ instrument, pitch, velocity, ...timing });
  };
  for (let bar = 0; bar * 4 * BEAT < length; bar++) {
    const [root, third, fifth] = CHORDS[bar % CHORDS.length];
    const first = bar * 4;
    for (const pitch of [root, third, fifth]) {
      add("Piano", first, pitch, 1.5, 75);
      add("Piano", first + 1.5, pitch, 2, 60);
      add("Choir", first, pitch + 12, 4, 60);
      add("Organ", first, pitch, 4, 60);
    }
    [root, fifth, third + 12, fifth].forEach((pitch, beat) => {
      add("Guitar", first + beat, pitch, 1, 75);
      add("Guitar", first + beat + 0.5, pitch + 12, 0.5, 60);
      add("Harp", first + beat, pitch + 12, 2, 75);
      add("Bass", first + beat, beat === 3 ? fifth - 24 : root - 24, 1, 90);
      add("Violin", first + beat, pitch + 24, 1, 75);
      add("Flute", first + beat + 0.5, pitch + 24, 0.5, 75);
      add("Drums", first + beat, beat % 2 === 0 ? 36 : 38, 0.25, 90);
      add("Drums", first + beat, 42, 0.25, 75);
      add("Drums", first + beat + 0.5, beat === 3 ? 46 : 42, 0.25, 60);
    });
    add("Cello", first, root - 12, 2, 75);
    add("Cello", first + 2, fifth - 12, 2, 75);
    add("Trumpet", first, third + 12, 1.5, 75);
    add("Trumpet", first + 2, fifth + 12, 1, 90);
    add("Sax", first + 1, fifth, 1, 75);
    add("Sax", first + 3, third, 1, 75);
    if (bar % 4 === 0) add("Drums", first, 49, 1, 75);
  }
  return notes;
}
