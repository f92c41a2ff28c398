/**
 * A piece in play as it is written down, a little every second: only what is new since the last time, of orders and of what
 * the player has set too. Put together again the chunks say what was heard up to the last second, under which orders.
 */
import { isJson, isWhole } from "#base/json.ts";
import type { Performance } from "#engine/jam/performance.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { changedBy, type Difference, differenceOf } from "./difference.ts";
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
export interface Chunk {
  /** How many chunks of its writer it follows: the first says all. */
  readonly place: number;
  readonly notes: Tail<Note>;
  readonly tempos: Tail<TempoPoint>;
  /** Each as it differs from the one before it. */
  readonly orders: Tail<Difference>;
  readonly drawn: number;
  /** Of what is neither of these, from the chunk before. */
  readonly rest: Difference;
}

/** What of a piece is written as it differs. */
type Rest = Pick<PieceInPlay, "performance" | "metres" | "grooves">;

/** A piece that another page left in play. */
export interface LeftPiece {
  /** As it was kept, not parsed. */
  readonly performance: unknown;
  readonly music: Prime;
  readonly record: OrderRecord;
}

/** Remembers of one piece what was written of it. Where a chunk is lost, another writer begins anew. */
export class ChunkWriter {
  #place = 0;
  #notes: readonly Note[] = [];
  #tempos: readonly TempoPoint[] = [];
  #orders: readonly Order[] = [];
  #rest: Rest | undefined;

  /** What is new; undefined where nothing was heard since. */
  next({ notes, tempos, record, performance, metres, grooves }: PieceInPlay): Chunk | undefined {
    const heard = tailOf(this.#notes, notes);
    if (heard.items.length === 0 && notes.length === this.#notes.length) return undefined;
    const set = tailOf(this.#tempos, tempos);
    const { from, items } = tailOf(this.#orders, record.orders);
    const orders = items.map((order, at) => differenceOf(record.orders[from + at - 1], order));
    const rest: Rest = { performance, metres, ...(grooves === undefined ? {} : { grooves }) };
    const changed = differenceOf(this.#rest, rest);
    this.#notes = [...notes];
    this.#tempos = [...tempos];
    this.#orders = record.orders;
    this.#rest = rest;
    return {
      ...{ place: this.#place++, notes: heard, tempos: set },
      ...{ orders: { from, items: orders }, drawn: record.drawn, rest: changed },
    };
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

/** The piece that chunks say, up to one that is missing; undefined where they say none, or another version of the page wrote them. */
export function pieceOf(chunks: readonly unknown[]): LeftPiece | undefined {
  const notes: Note[] = [];
  const tempos: TempoPoint[] = [];
  const orders: Order[] = [];
  let rest: unknown;
  let drawn = 0;
  let next = 0;
  for (const chunk of chunks) {
    if (!isChunk(chunk)) return undefined;
    // A writer that began anew says all once more.
    if (chunk.place !== next && chunk.place !== 0) continue;
    next = chunk.place + 1;
    goOnWith(notes, chunk.notes);
    goOnWith(tempos, chunk.tempos);
    orders.length = Math.min(orders.length, chunk.orders.from);
    for (const order of chunk.orders.items) orders.push(changedBy(orders.at(-1), order) as Order);
    rest = changedBy(chunk.place === 0 ? undefined : rest, chunk.rest);
    drawn = chunk.drawn;
  }
  if (notes.length === 0 || !isRest(rest)) return undefined;
  const { performance, metres, grooves } = rest;
  return {
    performance,
    music: {
      ...{ notes: canonicalNotes(notes), tempos, metres },
      ...(grooves === undefined ? {} : { grooves }),
    },
    record: { orders, drawn },
  };
}

const isRest = (value: unknown): value is Rest => isJson(value) && Array.isArray(value.metres);

function isChunk(value: unknown): value is Chunk {
  if (!isJson(value)) return false;
  const { place, notes, orders, tempos, drawn } = value;
  const isTail = (tail: unknown) =>
    isJson(tail) && isWhole(tail.from, 0, Number.MAX_SAFE_INTEGER) && Array.isArray(tail.items);
  const isPlace = isWhole(place, 0, Number.MAX_SAFE_INTEGER);
  return isPlace && [notes, orders, tempos].every(isTail) && typeof drawn === "number";
}
