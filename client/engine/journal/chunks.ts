/**
 * A piece in play as it is written down, a little every second: only what is new since the last time. Put together
 * again the chunks say what was heard up to the last second, under which orders.
 */
import type { Performance } from "#engine/jam/performance.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import type { Order, OrderRecord } from "./recorded-source.ts";

/** A list's end: what stands from an index on; whatever stood there is gone. */
interface Tail<T> {
  readonly from: number;
  readonly items: readonly T[];
}

/** What has become of a piece by now. */
export interface PieceInPlay extends Prime {
  readonly performance: Performance;
  /** What was heard, in the order it was handed out. */
  readonly notes: readonly Note[];
  readonly record: OrderRecord;
}

/** What is written at once. */
export interface Chunk extends Omit<PieceInPlay, "notes" | "tempos" | "record"> {
  readonly notes: Tail<Note>;
  readonly tempos: Tail<TempoPoint>;
  readonly orders: Tail<Order>;
  readonly drawn: number;
}

/** A piece that another page left in play. */
export interface LeftPiece {
  /** As it was kept, not parsed. */
  readonly performance: unknown;
  readonly music: Prime;
  readonly record: OrderRecord;
}

/** Remembers of one piece what was written of it. */
export class ChunkWriter {
  #notes: readonly Note[] = [];
  #tempos: readonly TempoPoint[] = [];
  #orders: readonly Order[] = [];

  /** What is new; undefined where nothing was heard since. */
  next({ notes, tempos, record, performance, metres, grooves }: PieceInPlay): Chunk | undefined {
    const heard = tailOf(this.#notes, notes);
    if (heard.items.length === 0 && notes.length === this.#notes.length) return undefined;
    const set = tailOf(this.#tempos, tempos);
    const orders = tailOf(this.#orders, record.orders);
    this.#notes = [...notes];
    this.#tempos = [...tempos];
    this.#orders = record.orders;
    const rest = { performance, metres, ...(grooves === undefined ? {} : { grooves }) };
    return { ...rest, notes: heard, tempos: set, orders, drawn: record.drawn };
  }
}

/** What is new at the end of a list that grew, or was cut and grew again. */
function tailOf<T>(before: readonly T[], now: readonly T[]): Tail<T> {
  let from = Math.min(before.length, now.length);
  // Lists grow at their ends: only after a cut is more than the last one looked at.
  while (from > 0 && before[from - 1] !== now[from - 1]) from--;
  return { from, items: now.slice(from) };
}

/** Gives a list that end. */
function goOnWith<T>(list: T[], { from, items }: Tail<T>): void {
  list.length = Math.min(list.length, from);
  for (const item of items) list.push(item);
}

/** The piece that chunks say; undefined where they say none, or another version of the page wrote them. */
export function pieceOf(chunks: readonly unknown[]): LeftPiece | undefined {
  const notes: Note[] = [];
  const tempos: TempoPoint[] = [];
  const orders: Order[] = [];
  for (const chunk of chunks) {
    if (!isChunk(chunk)) return undefined;
    goOnWith(notes, chunk.notes);
    goOnWith(tempos, chunk.tempos);
    goOnWith(orders, chunk.orders);
  }
  const last = chunks.at(-1) as Chunk | undefined;
  if (last === undefined || notes.length === 0) return undefined;
  const { performance, metres, grooves, drawn } = last;
  return {
    performance,
    music: {
      ...{ notes: canonicalNotes(notes), tempos, metres },
      ...(grooves === undefined ? {} : { grooves }),
    },
    record: { orders, drawn },
  };
}

function isChunk(value: unknown): value is Chunk {
  if (typeof value !== "object" || value === null) return false;
  const { notes, orders, tempos, metres, drawn } = value as Chunk;
  const isTail = (tail: Tail<unknown> | undefined) =>
    Number.isInteger(tail?.from) && Array.isArray(tail?.items);
  const tails = isTail(notes) && isTail(tempos) && isTail(orders);
  return tails && Array.isArray(metres) && typeof drawn === "number";
}
