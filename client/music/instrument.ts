/**
 * The twelve instruments and the table that puts every General MIDI program into one of them.
 * Families and program order: MIDI Manufacturers Association, "General MIDI 1 Sound Set".
 */

/** The 12 classes, in the order of their ids (contract, section 1). */
export const INSTRUMENTS = [
  "Piano",
  "Guitar",
  "Bass",
  "Violin",
  "Cello",
  "Harp",
  "Trumpet",
  "Sax",
  "Flute",
  "Drums",
  "Choir",
  "Organ",
] as const;

/** Name of an instrument class. */
export type InstrumentName = (typeof INSTRUMENTS)[number];

/** Id of an instrument class, 0-11. */
export type Instrument = number;

/** Id of the drums, for which `pitch` is a key of the GM percussion map. */
export const DRUMS: Instrument = INSTRUMENTS.indexOf("Drums");

/** The eleven that can lead: all but the drums. */
export const LEAD_INSTRUMENTS: readonly Instrument[] = INSTRUMENTS.map((_, id) => id).filter(
  (id) => id !== DRUMS,
);

/** The MIDI channel of percussion, zero-based (General MIDI 1). */
export const DRUM_CHANNEL = 9;

/** The GM program (0-127) each instrument is written as; the drums go to their channel, program 0. */
export const WRITTEN_PROGRAM: readonly number[] = [0, 24, 32, 40, 42, 46, 56, 65, 73, 0, 52, 19];

/** The id of an instrument's name in any case, or undefined. */
export function instrumentByName(name: string): Instrument | undefined {
  const id = INSTRUMENTS.findIndex((known) => known.toLowerCase() === name.trim().toLowerCase());
  return id < 0 ? undefined : id;
}
