/**
 * The notes that a filter allows ahead of an onset as a table that a device can follow: spans of steps in which it says
 * the same, each with the notes that may be struck there and those that may sound on into it. `NoteFilter` is the oracle;
 * the program says the same of every onset before `until`. Past it the last span holds on: whoever draws there checks.
 */
import { CHORD_BASE, MAX_DELTA, MAX_DURATION, NOTE_BASE } from "#music/tokens/vocabulary.ts";
import { fillAllowed } from "./allowed-notes.ts";
import type { NoteFilter } from "./note-filter.ts";

const NOTES = CHORD_BASE - NOTE_BASE;

/** Words of 32 bits that hold a bit a note. */
export const SET_WORDS = NOTES / 32;

/** Steps that a table reaches where its spans suffice: a time token, the longest note behind it, and more events. */
const REACH = MAX_DELTA + MAX_DURATION + 64;

/** Spans of a table: eight bars of a grid on which every step is another. */
export const SPANS = 256;

/** Sets of notes that a table can hold: spans share them. */
const SETS = 40;

/** Words of a span: the step it begins at, which set may be struck and which may sound on. */
const SPAN_WORDS = 3;

/** Words of a table: which span holds now, the spans, the sets. */
export const ALLOWED_WORDS = 1 + SPANS * SPAN_WORDS + SETS * SET_WORDS;

/** What no step reaches. */
export const NEVER = 0xffffffff;

/** See the header. */
export interface AllowedTable {
  /** (ALLOWED_WORDS) */
  readonly words: Uint32Array;
  /** The first step of which the table says nothing; Infinity where it holds for good. */
  readonly until: number;
}

/** The table of a filter for onsets from `onset` on; everything is allowed without one. */
export function packAllowed(filter: NoteFilter | undefined, onset: number): AllowedTable {
  const words = new Uint32Array(ALLOWED_WORDS);
  const sets: Uint32Array[] = [];
  const allowed = new Uint8Array(NOTES);
  /** The index of the set, SETS where there is no room for another. */
  const keep = (): number => {
    const set = bitsOf(allowed);
    const known = sets.findIndex((other) => other.every((word, i) => word === set[i]));
    if (known >= 0) return known;
    return sets.length === SETS ? SETS : sets.push(set) - 1;
  };
  let spans = 0;
  let from = onset;
  while (spans < SPANS && from < onset + REACH) {
    fillAllowed(allowed, filter, from);
    const struck = keep();
    allowed.fill(1);
    filter?.hold?.(allowed, from);
    const held = keep();
    if (struck === SETS || held === SETS) break;
    words.set([from, struck, held], 1 + spans * SPAN_WORDS);
    spans++;
    from = filter?.changesAfter?.(from) ?? Number.POSITIVE_INFINITY;
  }
  for (let span = spans; span < SPANS; span++) words[1 + span * SPAN_WORDS] = NEVER;
  for (const [index, set] of sets.entries())
    words.set(set, 1 + SPANS * SPAN_WORDS + index * SET_WORDS);
  return { words, until: from };
}

function bitsOf(allowed: Uint8Array): Uint32Array {
  const bits = new Uint32Array(SET_WORDS);
  for (let note = 0; note < NOTES; note++) bits[note >> 5] |= allowed[note] << (note & 31);
  return bits;
}

/**
 * WGSL of `followSpans()`, to be called once the onset moved on, and of what a span says: `spanFrom(span)`,
 * `struckIn(span, word)` and `heldIn(span, word)`. @param table where the table begins in `state`.
 * @param onset where the onset stands.
 */
export const allowedProgram = (table: number, onset: number): string => /* wgsl */ `
fn spanNow() -> u32 { return state[${table}u]; }

fn spanFrom(span: u32) -> u32 {
  if (span >= ${SPANS}u) { return ${NEVER}u; }
  return state[${table + 1}u + span * ${SPAN_WORDS}u];
}

fn struckIn(span: u32, word: u32) -> u32 {
  return state[${table + 1 + SPANS * SPAN_WORDS}u + state[${table + 2}u + span * ${SPAN_WORDS}u] * ${SET_WORDS}u + word];
}

fn heldIn(span: u32, word: u32) -> u32 {
  return state[${table + 1 + SPANS * SPAN_WORDS}u + state[${table + 3}u + span * ${SPAN_WORDS}u] * ${SET_WORDS}u + word];
}

fn followSpans() {
  var span = state[${table}u];
  while (spanFrom(span + 1u) <= state[${onset}u]) { span++; }
  state[${table}u] = span;
}
`;
