/**
 * Writes Standard MIDI Files 1.0, format 1: a first track of tempo and metre, then a track an
 * instrument with its name and GM program. The channel is the instrument's id: of the twelve ids
 * only 9 is the drums', and channel 9 is General MIDI's percussion channel.
 */
import { assert } from "#base/assert.ts";
import { GrooveMap, type GroovePoint } from "#music/groove-map.ts";
import { INSTRUMENTS, type Instrument, WRITTEN_PROGRAM } from "#music/instrument.ts";
import { isCompound, type Metre, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { DEFAULT_TEMPO, STEPS_PER_QUARTER } from "#music/units.ts";

/** Ticks of a quarter note in written files; 60 ticks a step. */
export const WRITTEN_TICKS_PER_QUARTER = 480;

const TICKS_PER_STEP = WRITTEN_TICKS_PER_QUARTER / STEPS_PER_QUARTER;

/** What a file says besides its notes. */
export interface MidiSettings {
  /** Ascending by step; 120 BPM where empty. */
  readonly tempos?: readonly TempoPoint[];
  /** 4/4 where undefined. */
  readonly metres?: MetreMap;
  /** How notes are played, by step; as they stand on the grid where undefined. */
  readonly grooves?: readonly GroovePoint[];
  readonly title?: string;
  /** Steps at which the file ends, where that is after the last note: silence that belongs to it. */
  readonly endStep?: number;
  /** Said in the first track. */
  readonly texts?: readonly MidiText[];
}

/** A word at its place. */
export interface MidiText {
  readonly kind: "text" | "marker";
  readonly step: number;
  readonly text: string;
}

/** Types of meta events. */
const TEXT_TYPES = { text: 0x01, marker: 0x06 } as const;

interface TimedBytes {
  readonly tick: number;
  /** Among events of one tick: 0 settings, 1 note-offs, 2 note-ons. */
  readonly rank: number;
  readonly bytes: readonly number[];
}

/** Encodes notes (any order) as a Standard MIDI File. */
export function writeMidi(notes: readonly Note[], settings: MidiSettings = {}): Uint8Array {
  const endTick = Math.round((settings.endStep ?? 0) * TICKS_PER_STEP);
  const tempos = settings.tempos?.length ? settings.tempos : [{ step: 0, tempo: DEFAULT_TEMPO }];
  const conductor: TimedBytes[] = [
    ...(settings.title === undefined ? [] : [meta(0, 0x03, utf8(settings.title))]),
    ...(settings.metres ?? new MetreMap()).points.map(({ step, metre }) =>
      meta(Math.round(step * TICKS_PER_STEP), 0x58, metreBytes(metre)),
    ),
    ...(settings.texts ?? []).map(({ kind, step, text }) =>
      meta(Math.round(step * TICKS_PER_STEP), TEXT_TYPES[kind], utf8(text)),
    ),
    ...tempos.map(({ step, tempo }) =>
      tempoEvent(Math.max(0, Math.round(step * TICKS_PER_STEP)), tempo),
    ),
  ];
  const sounding = soundingNotes(notes, settings);
  const tracks = [conductor];
  for (const instrument of INSTRUMENTS.keys()) {
    const own = sounding.filter((note) => note.instrument === instrument);
    if (own.length > 0) tracks.push(instrumentTrack(instrument, own));
  }
  const chunks = tracks.map((events) => trackChunk(events, endTick));
  return Uint8Array.from([
    ...ascii("MThd"),
    ...uint32(6),
    ...uint16(1),
    ...uint16(tracks.length),
    ...uint16(WRITTEN_TICKS_PER_QUARTER),
    ...chunks.flat(),
  ]);
}

/** The notes as they are played. */
function soundingNotes(
  notes: readonly Note[],
  { grooves = [], metres = new MetreMap() }: MidiSettings,
): readonly Note[] {
  for (const { onset, duration } of notes) {
    assert(Number.isInteger(onset) && onset >= 0, `onset ${onset} must be a step of 0 or more`);
    assert(duration >= 1, `duration ${duration} must be at least a step`);
  }
  return new GrooveMap(grooves).playedAll(notes, metres);
}

function instrumentTrack(instrument: Instrument, notes: readonly Note[]): TimedBytes[] {
  const channel = instrument;
  const events: TimedBytes[] = [
    meta(0, 0x03, utf8(INSTRUMENTS[instrument])),
    { tick: 0, rank: 0, bytes: [0xc0 | channel, WRITTEN_PROGRAM[instrument]] },
  ];
  for (const note of notes) {
    const tick = Math.round(note.onset * TICKS_PER_STEP);
    events.push({ tick, rank: 2, bytes: [0x90 | channel, note.pitch, note.velocity] });
    const off = Math.round((note.onset + note.duration) * TICKS_PER_STEP);
    events.push({ tick: off, rank: 1, bytes: [0x80 | channel, note.pitch, 64] });
  }
  return events;
}

function trackChunk(events: TimedBytes[], endTick: number): number[] {
  events.sort((a, b) => a.tick - b.tick || a.rank - b.rank);
  const body: number[] = [];
  let previous = 0;
  for (const { tick, bytes } of events) {
    body.push(...variableLength(tick - previous));
    for (const byte of bytes) body.push(byte);
    previous = tick;
  }
  body.push(...variableLength(Math.max(0, endTick - previous)), 0xff, 0x2f, 0);
  return [...ascii("MTrk"), ...uint32(body.length), ...body];
}

const meta = (tick: number, type: number, data: readonly number[]): TimedBytes => ({
  tick,
  rank: 0,
  bytes: [0xff, type, ...variableLength(data.length), ...data],
});

/** Numerator, the denominator's power of two, MIDI clocks (24 a quarter) from click to click, 32nds in a quarter. */
function metreBytes(metre: Metre): number[] {
  const { numerator, denominator } = metre;
  assert(numerator <= 255, `a file cannot say a metre of ${numerator} notes`);
  const clocks = ((isCompound(metre) ? 3 : 1) * 96) / denominator;
  return [numerator, Math.log2(denominator), Math.max(1, Math.round(clocks)), 8];
}

function tempoEvent(tick: number, tempo: number): TimedBytes {
  const microseconds = Math.min(0xffffff, Math.max(1, Math.round(60_000_000 / tempo)));
  return meta(tick, 0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255]);
}

function variableLength(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return bytes;
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const uint16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const uint32 = (value: number): number[] => [...uint16(value >>> 16), ...uint16(value & 0xffff)];
