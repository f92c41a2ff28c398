/** Bars of plain music for tests and pictures: chords, bass, a melody, an answer, drums. */
import { Random } from "#base/random.ts";
import { DRUMS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { compareNotes } from "#music/piece.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";

const PIANO = 0;
const BASS = 2;
const VIOLIN = 3;
const FLUTE = 8;
/** D minor, B flat, F, C. */
const CHORDS = [
  [62, 65, 69],
  [58, 62, 65],
  [60, 65, 69],
  [60, 64, 67],
];
const SCALE = [62, 64, 65, 67, 69, 70, 72, 74, 76, 77, 79, 81];

/** The same notes every time, by onset. */
export function bandNotes(bars: number): Note[] {
  const random = new Random(1);
  const notes: Note[] = [];
  const add = (instrument: number, pitch: number, onset: number, duration: number) =>
    notes.push({ instrument, pitch, velocity: 90, onset, duration });
  let place = 4;
  for (let bar = 0; bar < bars; bar++) {
    const start = bar * STEPS_PER_WHOLE;
    const chord = CHORDS[bar % CHORDS.length];
    for (const pitch of chord) add(PIANO, pitch, start, 30);
    for (let eighth = 0; eighth < 8; eighth++) {
      add(BASS, chord[0] - 24, start + eighth * 4, 3);
      add(DRUMS, 42, start + eighth * 4, 1);
      if (random.next() < 0.7) {
        place = Math.min(11, Math.max(0, place + random.integer(5) - 2));
        add(
          VIOLIN,
          SCALE[place] + 7,
          start + eighth * 4,
          random.next() < 0.3 && eighth < 7 ? 8 : 4,
        );
      }
      if (bar % 2 === 1 && random.next() < 0.6) {
        add(FLUTE, SCALE[random.integer(SCALE.length)] + 12, start + eighth * 4, 4);
      }
    }
    add(DRUMS, 36, start, 1);
    add(DRUMS, 36, start + 20, 1);
    add(DRUMS, 38, start + 8, 1);
    add(DRUMS, 38, start + 24, 1);
    if (bar % 4 === 0) add(DRUMS, 49, start, 1);
  }
  return notes.sort(compareNotes);
}
