/** A part of a piece's past, for the model to see before what comes. */
import { sliceRun, type TokenRun } from "#model/token-run.ts";
import type { PieceHistory } from "./piece-history.ts";

/** The tokens of the remembered events that begin in [from, to), and what they carry; the newest `most` at most. */
export function recalledRun(piece: PieceHistory, from: number, to: number, most: number): TokenRun {
  const { events, length } = piece;
  const ended = events.findLastIndex(({ note }) => note.onset < to);
  const until = events[ended + 1]?.index ?? length;
  const first = events.find(
    ({ index, timed, note }) => timed && note.onset >= from && index >= until - most,
  );
  if (first === undefined || first.index >= until) return { tokens: [] };
  return sliceRun(piece.runFrom(first.index), 0, until - first.index);
}
