/** What people send, read and judged before anything is begun. */
import { Failure, type FailureKind } from "#base/failure.ts";
import { endStepOf, temposOf } from "#engine/compose/piece-time.ts";
import { type ComposeOptions, parseComposeOptions } from "./compose-options.ts";
import { placeNotes, readSong, type SongLimits } from "./song.ts";

/** What may be asked. */
export type Question =
  | { readonly kind: "song"; readonly midi: Uint8Array; readonly limits: SongLimits }
  /** Options with a file to go on from. */
  | { readonly kind: "composition"; readonly options: ComposeOptions; readonly seed: number };

/** What a MIDI file is as a song. `remarks`: what is damaged or left out, one sentence each. */
export interface SongFacts {
  readonly notes: number;
  /** Length of its rendering. */
  readonly seconds: number;
  /** Instruments that play. */
  readonly instruments: number;
  readonly remarks: readonly string[];
}

/** What is asked for, checked. `remarks`: what of the file to go on from is damaged or left out. */
export interface CompositionFacts {
  readonly bars: number;
  readonly tracks: number;
  /** Length of a track. */
  readonly seconds: number;
  readonly remarks: readonly string[];
}

/** What the thread answers. */
export type Inspected =
  | { readonly kind: "song"; readonly facts: SongFacts }
  | { readonly kind: "composition"; readonly facts: CompositionFacts }
  | { readonly kind: "failed"; readonly failure: FailureKind; readonly message: string };

/** Answers a question. */
export function inspect(question: Question): Inspected {
  try {
    return examine(question);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: "failed", failure: error.kind, message: error.message };
  }
}

function examine(question: Question): Inspected {
  if (question.kind === "song") {
    const { notes, seconds, remarks } = readSong(question.midi, question.limits);
    const instruments = new Set(notes.map((note) => note.instrument)).size;
    return { kind: "song", facts: { notes: notes.length, seconds, instruments, remarks } };
  }
  const remarks: string[] = [];
  const tell = (remark: string) => remarks.push(remark);
  const request = parseComposeOptions(question.options, question.seed, tell);
  const { bars, tracks } = request;
  const { seconds } = placeNotes([], temposOf(request), endStepOf(request));
  return { kind: "composition", facts: { bars, tracks, seconds, remarks } };
}
