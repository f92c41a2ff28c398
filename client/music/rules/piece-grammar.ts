/** A grammar of whole pieces, whatever the tokenization: what composing asks of it. */
import type { Note } from "#music/note.ts";
import type { Allowances } from "./grammar.ts";
import type { NoteFilter } from "./note-filter.ts";

/** What the next token decides most: when, how long and loud, or which note of whom. */
export type TokenKind = "rhythm" | "dynamics" | "pitch";

/** A piece being read or written: the notes that its tokens say, and what may follow. */
export interface PieceGrammar {
  /** Onset of the newest event, in steps since the piece began. */
  readonly onset: number;
  /** Some tokens of an event are taken and its note is not: the next token goes on with it. */
  readonly inEvent: boolean;
  /** The piece was told that it is about to end. */
  readonly outroSaid: boolean;
  /** What the next token decides. */
  readonly decides: TokenKind;
  /**
   * Takes a token and returns the note it completes, if it does. An event begins with the token that
   * makes `inEvent` true. Throws `AssertionError` where the token may not stand.
   * @param filter learns of the note
   */
  push(id: number, filter?: NoteFilter): Note | undefined;
  /** The note that is read is as loud as this instead, 1-127. After its duration and before itself. */
  setVelocity(velocity: number): void;
  /**
   * Writes the mask of what may follow: 1 allowed, 0 not, one byte a token id; always at least one 1.
   * @param mask (VOCABULARY_SIZE) @param filter narrows the notes @param allowances see there; rests in steps
   */
  fillMask(mask: Uint8Array, filter?: NoteFilter, allowances?: Allowances): void;
  /** A piece that goes on from where this one is, by itself. */
  clone(): PieceGrammar;
}
