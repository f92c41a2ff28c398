/**
 * The skyline of music: at each step its highest sounding melodic pitch, which is what one hears as the tune (Uitdenbogerd
 * and Zobel, "Melodic matching techniques for large music databases", ACM Multimedia 1999). With it the lowest pitch,
 * which is heard as the bass.
 */
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { MAX_DURATION } from "#music/tokens/vocabulary.ts";

/** Of each step of [0, steps): who holds the top and the pitch at the bottom; 255 where nothing sounds. */
export interface Outline {
  readonly leaders: Uint8Array;
  readonly basses: Uint8Array;
}

/** Where a note ends as tokens say it: no note is longer than 127 steps. */
export const heardEnd = ({ onset, duration }: Note): number =>
  onset + Math.min(duration, MAX_DURATION);

/** Draws the outline of the steps [0, `steps`). Linear: a note is heard for 127 steps at most. */
export function outlineOf(notes: readonly Note[], steps: number): Outline {
  const tops = new Uint8Array(steps);
  const leaders = new Uint8Array(steps).fill(255);
  const basses = new Uint8Array(steps).fill(255);
  for (const note of notes) {
    const { instrument, pitch } = note;
    if (instrument === DRUMS) continue;
    const end = Math.min(steps, heardEnd(note));
    for (let step = Math.max(0, note.onset); step < end; step++) {
      if (pitch < basses[step]) basses[step] = pitch;
      if (leaders[step] === 255 || pitch > tops[step]) {
        tops[step] = pitch;
        leaders[step] = instrument;
      }
    }
  }
  return { leaders, basses };
}

/** Who holds most of `leaders` in [from, to); undefined where nobody does. */
export function leaderIn(leaders: Uint8Array, from: number, to: number): Instrument | undefined {
  const held = new Uint32Array(INSTRUMENTS.length);
  for (let step = from; step < to; step++) if (leaders[step] !== 255) held[leaders[step]]++;
  const most = Math.max(...held);
  return most === 0 ? undefined : held.indexOf(most);
}

/** The instrument that holds most of the skyline of notes, by time; undefined where there are only drums. */
export function skylineLead(notes: readonly Note[]): Instrument | undefined {
  const steps = notes.reduce((end, note) => Math.max(end, heardEnd(note)), 0);
  return leaderIn(outlineOf(notes, steps).leaders, 0, steps);
}
