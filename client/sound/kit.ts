/**
 * A sample kit's index, `kit.json`: which file holds which instrument, and for each zone (a range
 * of pitches and velocities) where its MP3 stream lies, how long it is and how it plays.
 * It comes from outside, so it is parsed once, here; a broken one is refused by name.
 */
import { Failure } from "#base/failure.ts";
import { INSTRUMENTS, type Instrument, type InstrumentName } from "#music/instrument.ts";

/** One sample and the notes it serves. */
export interface Zone {
  /** MIDI pitch at which the sample plays unchanged; fractions correct its tuning. */
  readonly rootPitch: number;
  /** Pitches served, inclusive. */
  readonly lowest: number;
  readonly highest: number;
  /** Velocities served, inclusive. */
  readonly softest: number;
  readonly loudest: number;
  /** Place of the MP3 stream in the instrument's file, bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Frames at the kit's sample rate when the encoder's padding is cut. */
  readonly frames: number;
  /** Factor on the sample at velocity 127. */
  readonly gain: number;
  /** Repeated frames, end exclusive; absent for sounds that die away. */
  readonly loop?: { readonly start: number; readonly end: number };
  /** Place of this sound alone, -1 left to 1 right. */
  readonly pan?: number;
  /** A new sound of the same group ends the last one (hi-hats). */
  readonly choke?: number;
}

/** One instrument of a kit: its file, its zones and how it sits in the mix. */
export interface KitInstrument {
  readonly instrument: Instrument;
  readonly name: InstrumentName;
  readonly file: string;
  readonly bytes: number;
  /** Level relative to the other instruments, decibels. */
  readonly level: number;
  /** -1 left to 1 right. */
  readonly pan: number;
  /** Part sent to the reverb, 0-1. */
  readonly reverb: number;
  /** Time constant of the fade after a note's end, seconds. */
  readonly release: number;
  /** Most voices at once. */
  readonly polyphony: number;
  /** Whether a note always sounds to its end, whatever its length (percussion). */
  readonly oneShot: boolean;
  readonly zones: readonly Zone[];
}

/** A parsed kit. `instruments` is in the order of instrument ids, all twelve. */
export interface Kit {
  readonly id: string;
  readonly name: string;
  /** Frames a second of the recordings. */
  readonly sampleRate: number;
  /** Gain of velocity v is `(v / 127) ** velocityExponent`. */
  readonly velocityExponent: number;
  readonly instruments: readonly KitInstrument[];
}

/** Reads the text of a `kit.json`. Throws `Failure` that names the first thing wrong. */
export function parseKit(text: string): Kit {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure("unreadable", "The kit's index is not JSON: fetch or build it again.", {
      cause,
    });
  }
  const fields = new Fields(json, "kit");
  const kit = {
    id: fields.text("id"),
    name: fields.text("name"),
    sampleRate: fields.number("sampleRate", 8000, 192_000),
    velocityExponent: fields.number("velocityExponent", 0, 4),
    instruments: fields.list("instruments").map(parseInstrument),
  };
  const instruments = INSTRUMENTS.map((name) => {
    const found = kit.instruments.find((candidate) => candidate.name === name);
    return found ?? refuse(`kit.instruments has no ${name}`);
  });
  return { ...kit, instruments };
}

function parseInstrument(fields: Fields): KitInstrument {
  const name = fields.text("name");
  const instrument = INSTRUMENTS.indexOf(name as InstrumentName);
  if (instrument < 0) refuse(`${fields.path}.name is "${name}", which is none of the twelve`);
  const bytes = fields.integer("bytes", 1, 2 ** 31);
  const zones = fields.list("zones").map((zone) => parseZone(zone, bytes));
  const file = fields.text("file");
  if (!/^[\w.-]+$/.test(file)) refuse(`${fields.path}.file is no plain file name`);
  for (const pitch of [0, 60, 127]) {
    for (const velocity of [1, 64, 127]) {
      if (findZone(zones, pitch, velocity) === undefined) {
        refuse(`${fields.path} has no zone for pitch ${pitch} at velocity ${velocity}`);
      }
    }
  }
  return {
    instrument,
    name: name as InstrumentName,
    file,
    bytes,
    level: fields.number("level", -60, 24),
    pan: fields.number("pan", -1, 1),
    reverb: fields.number("reverb", 0, 1),
    release: fields.number("release", 0.001, 10),
    polyphony: fields.integer("polyphony", 1, 128),
    oneShot: fields.flag("oneShot"),
    zones,
  };
}

function parseZone(fields: Fields, fileBytes: number): Zone {
  const offset = fields.integer("offset", 0, fileBytes - 1);
  const frames = fields.integer("frames", 1, 2 ** 26);
  const loop = fields.optional("loop");
  const start = loop?.integer("start", 0, frames - 1);
  return {
    rootPitch: fields.number("rootPitch", -1, 128),
    lowest: fields.integer("lowest", 0, 127),
    highest: fields.integer("highest", 0, 127),
    softest: fields.integer("softest", 1, 127),
    loudest: fields.integer("loudest", 1, 127),
    offset,
    bytes: fields.integer("bytes", 1, fileBytes - offset),
    frames,
    gain: fields.number("gain", 0, 100),
    ...(loop &&
      start !== undefined && { loop: { start, end: loop.integer("end", start + 1, frames) } }),
    ...(fields.has("pan") && { pan: fields.number("pan", -1, 1) }),
    ...(fields.has("choke") && { choke: fields.integer("choke", 0, 127) }),
  };
}

/** The first zone that serves a pitch (0-127) at a velocity (1-127), or undefined. */
export function findZone<Z extends Pick<Zone, "lowest" | "highest" | "softest" | "loudest">>(
  zones: readonly Z[],
  pitch: number,
  velocity: number,
): Z | undefined {
  return zones.find(
    (zone) =>
      pitch >= zone.lowest &&
      pitch <= zone.highest &&
      velocity >= zone.softest &&
      velocity <= zone.loudest,
  );
}

function refuse(what: string): never {
  throw new Failure("unreadable", `The kit's index is broken: ${what}. Fetch or build it again.`);
}

/** Typed access to an untrusted object; every refusal names its path. */
class Fields {
  readonly path: string;
  readonly #values: Record<string, unknown>;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      refuse(`${path} is not an object`);
    }
    this.#values = value as Record<string, unknown>;
    this.path = path;
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  text(key: string): string {
    const value = this.#values[key];
    return typeof value === "string" && value !== ""
      ? value
      : refuse(`${this.path}.${key} is no text`);
  }

  flag(key: string): boolean {
    const value = this.#values[key];
    return typeof value === "boolean" ? value : refuse(`${this.path}.${key} is not true or false`);
  }

  number(key: string, lowest: number, highest: number): number {
    const value = this.#values[key];
    if (typeof value === "number" && value >= lowest && value <= highest) return value;
    return refuse(`${this.path}.${key} is no number from ${lowest} to ${highest}`);
  }

  integer(key: string, lowest: number, highest: number): number {
    const value = this.number(key, lowest, highest);
    return Number.isInteger(value) ? value : refuse(`${this.path}.${key} is no whole number`);
  }

  list(key: string): Fields[] {
    const value = this.#values[key];
    if (!Array.isArray(value)) refuse(`${this.path}.${key} is no list`);
    return (value as unknown[]).map(
      (item, index) => new Fields(item, `${this.path}.${key}[${index}]`),
    );
  }

  optional(key: string): Fields | undefined {
    return this.has(key) ? new Fields(this.#values[key], `${this.path}.${key}`) : undefined;
  }
}
