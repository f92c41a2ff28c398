/**
 * What songs are recognised by across arrangements: runs of melody, as the intervals between one pitch and the next
 * other one of each instrument's top line. Key, tempo, rhythm and repeated notes play no part. Of all runs a fixed
 * part is kept by hash (Broder's sampling, "On the resemblance and containment of documents", 1997), the same
 * in every piece, so that shared runs are kept in all pieces or in none.
 */
import { FNV_BASIS, fnvWith } from "#base/fnv.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";

/** Intervals of a run. */
const RUN_LENGTH = 12;

/** Different intervals a run must have: scales, trills and broken chords have fewer. */
const FEWEST_INTERVALS = 5;

/** One run of so many is kept. */
const SAMPLING = 4;

/** Most runs of a piece that are kept, the lowest hashes: bounds memory. */
const MOST_RUNS = 1024;

/** Hashes of the kept runs of canonical notes: ascending, each once. */
export function melodicRuns(notes: readonly Note[]): Uint32Array {
  const lines = INSTRUMENTS.map(() => new TopLine());
  const kept = new Set<number>();
  for (const { instrument, onset, pitch } of notes) {
    if (instrument === DRUMS) continue;
    const hash = lines[instrument].take(onset, pitch);
    if (hash !== undefined && hash % SAMPLING === 0) kept.add(hash);
  }
  return Uint32Array.from(kept).sort().slice(0, MOST_RUNS);
}

/** The top line of one instrument: notes in canonical order in, the hash of the last run out. */
class TopLine {
  readonly #intervals = new Int8Array(RUN_LENGTH);
  #count = 0;
  #onset = -1;
  #pitch = -1;

  /** The hash of the run that a note ends; undefined where it is not on top, or the run says too little. */
  take(onset: number, pitch: number): number | undefined {
    if (onset === this.#onset) return undefined;
    this.#onset = onset;
    if (pitch === this.#pitch) return undefined;
    const interval = pitch - this.#pitch;
    const first = this.#pitch < 0;
    this.#pitch = pitch;
    if (first) return undefined;
    this.#intervals[this.#count++ % RUN_LENGTH] = interval;
    return this.#count < RUN_LENGTH ? undefined : this.#hash();
  }

  #hash(): number | undefined {
    // FNV-1a over the run, then mixed (Murmur3's finaliser), since a part of all hashes is to be kept.
    let hash = FNV_BASIS;
    let seen = 0;
    let different = 0;
    for (let i = 0; i < RUN_LENGTH; i++) {
      const interval = this.#intervals[(this.#count + i) % RUN_LENGTH];
      const bit = 1 << (interval & 31);
      if ((seen & bit) === 0) different++;
      seen |= bit;
      hash = fnvWith(hash, interval & 255);
    }
    if (different < FEWEST_INTERVALS) return undefined;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
