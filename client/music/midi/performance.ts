/**
 * A MIDI file as it is to be heard: every note at its own tick in the file's tempo map, in seconds,
 * with what its channel does to it. Nothing is put on a grid, nothing merged: the grid is for
 * tokens. Each note has the instrument of its own program; what none of the twelve plays is counted.
 */
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { TempoMap } from "#music/tempo-map.ts";
import { stepsPerTick } from "./arrangement.ts";
import { type ChannelCurves, channelOf, type Turn } from "./channel-curves.ts";
import type { MidiNote, MidiSong } from "./midi-song.ts";
import { instrumentOfProgram } from "./program-table.ts";

/** A value from a time in seconds on. */
export interface Change {
  readonly time: number;
  readonly value: number;
}

/** A channel's sound in time; see ChannelCurves. Notes of one channel share one object. */
export interface Expression {
  readonly gain: readonly Change[];
  readonly pan: readonly Change[];
  readonly bend: readonly Change[];
  readonly vibrato: readonly Change[];
}

/** A note as it is heard. Times in seconds from the beginning of the file. */
export interface PerformedNote {
  readonly instrument: Instrument;
  readonly pitch: number;
  readonly velocity: number;
  readonly start: number;
  readonly length: number;
  readonly expression: Expression;
}

/** What is heard of a file, and how much is not. */
export interface Performance {
  /** By start. */
  readonly notes: readonly PerformedNote[];
  readonly counts: { readonly notes: number; readonly unmapped: number; readonly silent: number };
}

/** Shortest length of a note, seconds: a strike, whatever the file says. */
const SHORTEST = 0.005;

/** Places a song in time. Pure. */
export function perform(song: MidiSong, curves: ReadonlyMap<number, ChannelCurves>): Performance {
  const toSeconds = secondsOf(song);
  const expressions = new Map<number, Expression>();
  const expressionOf = ({ port, channel }: MidiNote): Expression => {
    const key = channelOf(port, channel);
    let expression = expressions.get(key);
    if (expression === undefined) {
      expression = expressionIn(curves.get(key), toSeconds);
      expressions.set(key, expression);
    }
    return expression;
  };
  const notes: PerformedNote[] = [];
  let unmapped = 0;
  let silent = 0;
  for (const note of song.notes) {
    const instrument = instrumentOf(note);
    if (note.silent) silent++;
    else if (instrument === undefined) unmapped++;
    else {
      const start = toSeconds(note.tick);
      const length = Math.max(SHORTEST, toSeconds(note.endTick) - start);
      const { pitch, velocity } = note;
      const expression = expressionOf(note);
      notes.push({ instrument, pitch, velocity, start, length, expression });
    }
  }
  return { notes, counts: { notes: song.notes.length, unmapped, silent } };
}

/** The instrument of a note's own program; undefined where none of the twelve plays it. */
function instrumentOf({ role, program }: MidiNote): Instrument | undefined {
  if (role === "drums") return DRUMS;
  return role === "effects" ? undefined : instrumentOfProgram(program ?? 0);
}

function secondsOf(song: MidiSong): (tick: number) => number {
  if (song.division.kind === "smpte") {
    const { ticksPerSecond } = song.division;
    return (tick) => tick / ticksPerSecond;
  }
  const scale = stepsPerTick(song);
  const map = new TempoMap(song.tempos.map(({ tick, tempo }) => ({ step: tick * scale, tempo })));
  return (tick) => map.toSeconds(tick * scale);
}

function expressionIn(
  curves: ChannelCurves | undefined,
  toSeconds: (tick: number) => number,
): Expression {
  const timed = (turns: readonly Turn[] = []): Change[] =>
    turns.map(({ tick, value }) => ({ time: toSeconds(tick), value }));
  return {
    gain: timed(curves?.gain),
    pan: timed(curves?.pan),
    bend: timed(curves?.bend),
    vibrato: timed(curves?.vibrato),
  };
}
