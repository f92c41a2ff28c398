/** A composer for tests that gives every instrument notes, long and short, over each other, on few pitches. */
import { Emitter } from "#base/emitter.ts";
import { threefryWord } from "#base/random.ts";
import type { ComposedNotes, CompositionSource } from "#engine/compose/composition.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** Steps between two onsets. */
const EVERY = 2;

/** Composes at once whatever is asked for. */
export class BusySource implements CompositionSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly failed = new Emitter<Error>();
  #revision = 0;
  #next = 0;
  #drawn = 0;

  begin(): number {
    this.#next = 0;
    return ++this.#revision;
  }

  retake(step: number): number {
    this.#next = Math.min(this.#next, Math.ceil(step / EVERY) * EVERY);
    return ++this.#revision;
  }

  composeUntil(step: number): void {
    const notes: Note[] = [];
    for (; this.#next <= step; this.#next += EVERY) {
      const word = threefryWord(7, 0, this.#drawn++, 0) >>> 0;
      notes.push({
        instrument: word % INSTRUMENTS.length,
        pitch: 60 + ((word >>> 8) % 5),
        velocity: 1 + ((word >>> 12) % 127),
        onset: this.#next,
        duration: (word >>> 19) % 3 === 0 ? 100 : 1 + ((word >>> 21) % 12),
      });
    }
    if (notes.length === 0) return;
    this.composed.emit({
      revision: this.#revision,
      notes,
      tokens: 3 * notes.length,
      milliseconds: 1,
    });
  }

  dispose(): void {
    this.#next = Number.POSITIVE_INFINITY;
  }
}
