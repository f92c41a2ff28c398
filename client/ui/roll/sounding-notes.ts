/**
 * Where notes stand on the roll: where they sound, late by the swing or uneven as they are played. Remembered note by note,
 * since a frame asks for some hundred that were the same in the one before.
 */
import type { Groove } from "#music/groove.ts";
import type { GrooveMap } from "#music/groove-map.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";

/** A note as it sounds, and what it followed from. */
interface Known {
  readonly groove: Groove;
  readonly metres: MetreMap;
  readonly sounding: Note;
}

/** Of one roll. */
export class SoundingNotes {
  readonly #known = new WeakMap<Note, Known>();

  /** The note as it is played: onset and duration may lie between steps. */
  of(note: Note, grooves: GrooveMap, metres: MetreMap): Note {
    if (grooves.points.length === 0) return note;
    const groove = grooves.at(note.onset);
    const known = this.#known.get(note);
    if (known?.groove === groove && known.metres === metres) return known.sounding;
    const sounding = grooves.played(note, metres);
    this.#known.set(note, { groove, metres, sounding });
    return sounding;
  }
}
