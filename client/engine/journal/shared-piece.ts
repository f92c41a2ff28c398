/**
 * A piece as it is shared: not its notes but what they follow from, so that another page composes it once more. Seed,
 * settings and chart stand in its orders; beside them what no order has: a human's notes, where a stop cut short what
 * sounded, what a page that stalled left out, and how it lay in time. A print of the notes tells whether the other machine made the same of it.
 */
import { Failure } from "#base/failure.ts";
import { FNV_BASIS, fnvWith } from "#base/fnv.ts";
import { remark } from "#base/remark.ts";
import { noteKey } from "#engine/compose/played-notes.ts";
import type { Performance } from "#engine/jam/performance.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { OrderRecord } from "./recorded-source.ts";

/** What was heard of a piece in play. */
export interface HeardPiece extends Prime {
  readonly performance: Performance;
  /** Those of its notes that a human played: asked for when they are wanted, since the rest is looked at every second. */
  readonly played: () => readonly Note[];
  /** Steps at which it was stopped. */
  readonly cuts: readonly number[];
  /** Keys of notes that came too late to be heard, see `noteKey`. */
  readonly leftOut: readonly number[];
}

/** See the header. Plain data. */
export interface SharedPiece extends Omit<Prime, "notes"> {
  readonly version: typeof VERSION;
  /** Out of another page: parse it. */
  readonly performance: unknown;
  readonly record: OrderRecord;
  readonly played: readonly Note[];
  readonly cuts: readonly number[];
  readonly leftOut: readonly number[];
  /** What is composed before this step was heard. */
  readonly until: number;
  readonly print: number;
}

const VERSION = 1;

/** The most that a piece is composed again from: some 20 minutes. */
const MOST = { tokens: 200_000, orders: 5000, step: 200_000 } as const;

/** What was heard, to be shared. */
export function sharedOf(heard: HeardPiece, record: OrderRecord): SharedPiece {
  const { notes, performance, played, ...rest } = heard;
  const { chart } = performance;
  const last = notes.reduce((latest, { onset }) => Math.max(latest, onset), -1);
  // Ports are those of this machine.
  const strips = performance.strips.map((strip) => ({ ...strip, route: { kind: "voice" } }));
  // A link is short: marks come with their charts alone.
  const marks = chart.marks.map(({ heard: _heard, ...mark }) => mark);
  return {
    ...{ version: VERSION, ...rest, played: played(), record, until: last + 1 },
    performance: { ...performance, strips, chart: { ...chart, marks } },
    print: printOf(canonicalNotes(notes)),
  };
}

/** What was heard of a shared piece. @param composed what its orders gave */
export function heardOf(shared: SharedPiece, composed: readonly Note[]): Prime {
  const { until, cuts, played, metres, tempos, grooves } = shared;
  const leftOut = new Set(shared.leftOut);
  const heard = composed
    .filter((note) => note.onset < until && !leftOut.has(noteKey(note)))
    .map((note) => cutAt(note, cuts));
  const notes = canonicalNotes([...heard, ...played]);
  return { notes, metres, tempos, ...(grooves === undefined ? {} : { grooves }) };
}

/** The note as it was heard: the first stop while it sounds ends it. */
function cutAt(note: Note, cuts: readonly number[]): Note {
  const ends = cuts.filter((cut) => note.onset < cut && cut < note.onset + note.duration);
  return ends.length === 0 ? note : { ...note, duration: Math.min(...ends) - note.onset };
}

/** A number that is another for other notes. */
export function printOf(notes: readonly Note[]): number {
  let print = FNV_BASIS;
  for (const { onset, duration, instrument, pitch, velocity } of notes)
    for (const value of [onset, duration, instrument, pitch, velocity])
      print = fnvWith(print, value);
  return print >>> 0;
}

/**
 * A piece that came with a link. Its settings are not read through: whoever composes it does so apart, where a fault
 * harms nothing. @throws Failure "unreadable" for anything else
 */
export function parseShared(value: unknown): SharedPiece {
  const piece = (value ?? {}) as SharedPiece;
  const { version, record, played, until, metres, tempos, grooves = [] } = piece;
  const whole = (number: unknown, most: number = MOST.step) =>
    Number.isInteger(number) && (number as number) >= 0 && (number as number) <= most;
  const list = (items: unknown, is: (item: never) => boolean) =>
    Array.isArray(items) && items.length <= MOST.step && items.every((item) => is(item as never));
  const isNote = (note: Note) =>
    whole(note?.instrument, 11) &&
    whole(note.pitch, 127) &&
    whole(note.velocity, 127) &&
    whole(note.onset) &&
    whole(note.duration) &&
    note.duration > 0;
  const isPoint = (point: { step: number }) => Number.isFinite(point?.step) && point.step >= 0;
  const isOrder = ({ drawn, step, settings, prime = [] }: OrderRecord["orders"][number]) =>
    whole(drawn, MOST.tokens) &&
    whole(step) &&
    typeof settings?.constraint === "object" &&
    list(prime, isNote);
  const isWhole =
    version === VERSION &&
    whole(record?.drawn, MOST.tokens) &&
    list(
      record.orders,
      (order: OrderRecord["orders"][number]) => order !== null && isOrder(order),
    ) &&
    record.orders.length > 0 &&
    record.orders.length <= MOST.orders &&
    record.orders[0].prime !== undefined &&
    list(played, isNote) &&
    list(piece.cuts, (cut) => whole(cut)) &&
    list(piece.leftOut, Number.isInteger) &&
    [metres, tempos, grooves].every((points) => list(points, isPoint)) &&
    whole(until);
  if (!isWhole) throw new Failure("unreadable", remark("link-unreadable", {}));
  return piece;
}
