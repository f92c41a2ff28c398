/**
 * Whether two files hold the same notes, as copies of one piece do that were saved at another tempo
 * or division, transposed, or put on other channels. Two tests: how often each pitch is struck
 * (needs no time at all, so no rounding can change it), then, where that agrees, the order of the
 * pitches, which a piece with its notes shuffled fails. Times are not compared: a performance
 * whose tempo was written into its ticks and the same one under a tempo map share no onset.
 */
import type { MidiSong } from "#music/midi/midi-song.ts";

/** Mean distance, in notes, between the places of a note in two copies: chords that are rolled, no more. */
const LARGEST_MEAN_SHIFT = 4;

/** How often each pitch is struck by what is no drum, lowest pitch first: (up to 128) counts. */
export function pitchCensus(song: MidiSong): Uint32Array {
  const counts = new Uint32Array(128);
  for (const note of song.notes) if (note.role !== "drums") counts[note.pitch]++;
  const struck = (count: number): boolean => count > 0;
  return counts.slice(counts.findIndex(struck), counts.findLastIndex(struck) + 1);
}

/** Whether two songs of equal census have their notes in the same order, but for notes close together. */
export function inSameOrder(one: MidiSong, other: MidiSong): boolean {
  const first = pitchOrder(one);
  const second = pitchOrder(other);
  const places: number[][] = Array.from({ length: 128 }, () => []);
  for (const [place, pitch] of first.entries()) places[pitch].push(place);
  const met = new Uint32Array(128);
  let shift = 0;
  for (const [place, pitch] of second.entries()) {
    shift += Math.abs(places[pitch][met[pitch]++] - place);
  }
  return first.length === second.length && shift <= LARGEST_MEAN_SHIFT * first.length;
}

/** Pitches above the lowest in the order of their onsets, a chord from below. */
function pitchOrder(song: MidiSong): number[] {
  const notes = song.notes.filter((note) => note.role !== "drums");
  notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
  const lowest = notes.reduce((low, note) => Math.min(low, note.pitch), 127);
  return notes.map((note) => note.pitch - lowest);
}
