/** What a piece's history is made of: its events, and marks to go back to. How it is written and read. */
import type { ChartBars } from "#music/chart/chart.ts";
import type { Note } from "#music/note.ts";
import type { Constraint } from "#music/rules/constraint.ts";
import type { PieceGrammar } from "#music/rules/piece-grammar.ts";
import type { Tokenization } from "#music/tokens/tokenization.ts";

/** An event: the index of its first token in the piece, and the note it became. */
export interface PieceEvent {
  readonly index: number;
  /** Its first token tells its time, so that a history can begin with it. */
  readonly timed: boolean;
  readonly note: Note;
}

/** How a piece is written and to which chart. */
export interface PieceReading {
  readonly tokenization?: Tokenization;
  /** All open, in the settings' metres, where undefined. */
  readonly chart?: ChartBars;
  /** Whether the model reads the chart: tokens then carry conditions. */
  readonly conditioned?: boolean;
}

/** What followed from the tokens before `index`. */
export interface PieceMark {
  readonly index: number;
  readonly grammar: PieceGrammar;
  readonly constraint: Constraint;
}
