/**
 * Which instrument each of the 128 General MIDI programs belongs to, as one table with reasons.
 * Families: "General MIDI 1 Sound Set" (MMA). Where a program is no instrument of ours, the rule is:
 * a sound whose pitch is not heard as a pitch (struck percussion on a melodic channel, orchestra
 * hits, effects) is dropped, because moved to another class it would play wrong notes.
 */
import { INSTRUMENTS, type Instrument, type InstrumentName } from "#music/instrument.ts";

interface ProgramRange {
  readonly first: number;
  readonly last: number;
  /** The class, or undefined where notes of these programs are dropped. */
  readonly instrument: InstrumentName | undefined;
  readonly reason: string;
}

/** Ranges in ascending order that cover 0-127 once; programs are zero-based. */
export const PROGRAM_RANGES: readonly ProgramRange[] = [
  { first: 0, last: 7, instrument: "Piano", reason: "pianos, harpsichord, clavinet" },
  {
    first: 8,
    last: 15,
    instrument: "Piano",
    reason: "mallets and dulcimer: struck, pitched, decaying",
  },
  { first: 16, last: 23, instrument: "Organ", reason: "organs, accordions, harmonica" },
  { first: 24, last: 31, instrument: "Guitar", reason: "guitars" },
  { first: 32, last: 39, instrument: "Bass", reason: "basses" },
  { first: 40, last: 41, instrument: "Violin", reason: "violin, viola" },
  { first: 42, last: 43, instrument: "Cello", reason: "cello, contrabass" },
  { first: 44, last: 45, instrument: "Violin", reason: "tremolo and pizzicato strings" },
  { first: 46, last: 46, instrument: "Harp", reason: "harp" },
  {
    first: 47,
    last: 47,
    instrument: undefined,
    reason: "timpani: struck, its pitch is no drum key",
  },
  { first: 48, last: 51, instrument: "Violin", reason: "string ensembles" },
  { first: 52, last: 54, instrument: "Choir", reason: "choir, voices" },
  { first: 55, last: 55, instrument: undefined, reason: "orchestra hit: a chord in one key" },
  { first: 56, last: 63, instrument: "Trumpet", reason: "brass" },
  { first: 64, last: 71, instrument: "Sax", reason: "reeds" },
  { first: 72, last: 79, instrument: "Flute", reason: "pipes" },
  {
    first: 80,
    last: 80,
    instrument: "Flute",
    reason: "square lead: a hollow tone, a melody's voice",
  },
  { first: 81, last: 81, instrument: "Trumpet", reason: "saw lead: bright, all harmonics" },
  { first: 82, last: 83, instrument: "Flute", reason: "calliope and chiff leads: blown pipes" },
  { first: 84, last: 84, instrument: "Guitar", reason: "charang lead: a distorted guitar" },
  { first: 85, last: 85, instrument: "Choir", reason: "voice lead" },
  { first: 86, last: 86, instrument: "Trumpet", reason: "fifths lead: a saw lead doubled" },
  { first: 87, last: 87, instrument: "Bass", reason: "bass and lead" },
  { first: 88, last: 90, instrument: "Organ", reason: "new age, warm, polysynth pads: held keys" },
  { first: 91, last: 91, instrument: "Choir", reason: "choir pad" },
  { first: 92, last: 92, instrument: "Violin", reason: "bowed pad" },
  { first: 93, last: 93, instrument: "Organ", reason: "metallic pad: held keys" },
  { first: 94, last: 94, instrument: "Choir", reason: "halo pad: voices" },
  { first: 95, last: 95, instrument: "Organ", reason: "sweep pad: held keys" },
  { first: 96, last: 97, instrument: undefined, reason: "rain, soundtrack: effects" },
  { first: 98, last: 98, instrument: "Piano", reason: "crystal: a mallet" },
  { first: 99, last: 99, instrument: "Guitar", reason: "atmosphere: a nylon guitar over a pad" },
  { first: 100, last: 100, instrument: "Piano", reason: "brightness: a bell-like key" },
  { first: 101, last: 103, instrument: undefined, reason: "goblins, echoes, sci-fi: effects" },
  { first: 104, last: 106, instrument: "Guitar", reason: "sitar, banjo, shamisen: plucked necks" },
  { first: 107, last: 107, instrument: "Harp", reason: "koto: plucked open strings" },
  { first: 108, last: 108, instrument: "Piano", reason: "kalimba: a mallet's decay" },
  { first: 109, last: 109, instrument: "Sax", reason: "bagpipe: a reed" },
  { first: 110, last: 110, instrument: "Violin", reason: "fiddle" },
  { first: 111, last: 111, instrument: "Sax", reason: "shanai: a reed" },
  { first: 112, last: 113, instrument: undefined, reason: "tinkle bell, agogo: struck percussion" },
  { first: 114, last: 114, instrument: "Piano", reason: "steel drums: tuned like a mallet" },
  {
    first: 115,
    last: 119,
    instrument: undefined,
    reason: "woodblock, taiko, toms, cymbal: struck",
  },
  { first: 120, last: 127, instrument: undefined, reason: "sound effects" },
];

const CLASS_OF_PROGRAM: readonly (Instrument | undefined)[] = PROGRAM_RANGES.flatMap((range) =>
  new Array<Instrument | undefined>(range.last - range.first + 1).fill(
    range.instrument === undefined ? undefined : INSTRUMENTS.indexOf(range.instrument),
  ),
);

/** The instrument of a GM program (0-127), or undefined where its notes are dropped. */
export const instrumentOfProgram = (program: number): Instrument | undefined =>
  CLASS_OF_PROGRAM[program];
