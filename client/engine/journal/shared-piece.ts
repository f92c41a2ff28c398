/**
 * A piece as it is shared: not its notes but what they follow from, so that another page composes it once more. Seed,
 * settings and chart stand in its orders; beside them what no order has: a human's notes, where a stop cut short what
 * sounded, what a page that stalled left out, and how it lay in time. A print of the notes tells whether the other machine made the same of it.
 */
import { Failure } from "#base/failure.ts";
import { FNV_BASIS, fnvWith } from "#base/fnv.ts";
import { isJson, isList, isNumber, isOptional, isWhole, type Json } from "#base/json.ts";
import { remark } from "#base/remark.ts";
import { CONTROLS, fits, SWUNG_PAIRS } from "#engine/compose/controls.ts";
import { noteKey } from "#engine/compose/played-notes.ts";
import type { Performance } from "#engine/jam/performance.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { Order, OrderRecord } from "./recorded-source.ts";
import {
  areNotes,
  arePoints,
  isMetrePoint,
  isStep,
  MOST,
  sharedSettings,
} from "./shared-settings.ts";

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

/** The most tokens that are composed again: some 20 minutes. */
const MOST_TOKENS = 200_000;

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
 * A piece that came with a link, each field of it within what this page could have shared; what the player has set is told
 * of by `performance`, which is parsed where it is taken. @throws Failure "unreadable" for anything else
 */
export function parseShared(value: unknown): SharedPiece {
  const piece = isJson(value) ? value : {};
  const { version, played, cuts, leftOut, metres, tempos, grooves, until, print } = piece;
  const record = recordOf(piece.record);
  const isUnderstood =
    version === VERSION &&
    areNotes(played) &&
    isList(cuts, MOST.points, isStep) &&
    isList(leftOut, MOST.notes, (key) => isWhole(key, 0, Number.MAX_SAFE_INTEGER)) &&
    arePoints(metres, isMetrePoint) &&
    arePoints(tempos, ({ tempo }) => typeof tempo === "number" && fits("tempo", tempo)) &&
    isOptional(grooves, (points) => arePoints(points, isGroove)) &&
    isStep(until) &&
    isWhole(print, 0, 0xffffffff);
  if (!isUnderstood || record === undefined)
    throw new Failure("unreadable", remark("link-unreadable", {}));
  return { ...(piece as unknown as SharedPiece), record };
}

/** Orders that begin a piece and go on with it; undefined where one is none. */
function recordOf(value: unknown): OrderRecord | undefined {
  if (!isJson(value) || !Array.isArray(value.orders)) return undefined;
  const { drawn } = value;
  const orders = value.orders.slice(0, MOST.points).flatMap((each) => orderOf(each) ?? []);
  const isUnderstood = orders.length === value.orders.length && orders[0]?.prime !== undefined;
  return isUnderstood && isTokens(drawn) ? { orders, drawn } : undefined;
}

function orderOf(value: unknown): Order | undefined {
  if (!isJson(value)) return undefined;
  const { drawn, step, prime } = value;
  const settings = sharedSettings(value.settings);
  if (!isTokens(drawn) || !isStep(step) || !isOptional(prime, (notes) => areNotes(notes)))
    return undefined;
  if (settings === undefined) return undefined;
  return { ...(value as unknown as Order), settings };
}

const isTokens = (value: unknown): value is number => isWhole(value, 0, MOST_TOKENS);

const isGroove = ({ swing, pair, human, seed }: Json): boolean =>
  isNumber(swing, CONTROLS.swing.lowest / 100, CONTROLS.swing.highest / 100) &&
  Object.values(SWUNG_PAIRS).some((known) => known === pair) &&
  typeof human === "number" &&
  fits("humanise", human) &&
  isWhole(seed, 0, CONTROLS.seed.highest);
