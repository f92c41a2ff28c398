/**
 * What a person asks for, as text or JSON, to the request the engine understands. The command line
 * and the HTTP route name the same options and refuse them in the same words.
 */
import { Failure } from "#base/failure.ts";
import { checkRequest } from "#engine/compose/compose-piece.ts";
import type { ComposeRequest } from "#engine/studio/studio-state.ts";
import {
  DRUMS,
  INSTRUMENTS,
  type Instrument,
  instrumentByName,
  LEAD_INSTRUMENTS,
} from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { fromFirstBar } from "#music/piece.ts";
import { STEPS_PER_BAR } from "#music/units.ts";

/** The options, none checked yet; numbers may come as text. */
export interface ComposeOptions {
  readonly instrument?: string;
  readonly drums?: boolean;
  /** Names, as a list or with commas between. */
  readonly band?: string | readonly string[];
  readonly bars?: string | number;
  readonly tracks?: string | number;
  readonly temperature?: string | number;
  readonly topP?: string | number;
  readonly seed?: string | number;
  readonly key?: string;
  readonly tempo?: string | number;
  /** A Standard MIDI File to go on from. */
  readonly prime?: Uint8Array;
}

/** What is composed where an option is not given; the seed is drawn anew each time. */
export const COMPOSE_DEFAULTS = {
  bars: 16,
  tracks: 1,
  temperature: 1,
  topP: 0.96,
  tempo: 120,
} as const;

/**
 * Checks options. `randomSeed` is taken where none is given.
 * @throws Failure "usage" naming the option and what it may be; as `readMidi` for the prime
 */
export function parseComposeOptions(options: ComposeOptions, randomSeed: number): ComposeRequest {
  const number = (name: keyof ComposeOptions, fallback: number): number => {
    const value = options[name];
    if (value === undefined) return fallback;
    const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof read === "number" && Number.isFinite(read)) return read;
    throw new Failure(
      "usage",
      `${name} "${value}" is no number; give one, for example ${fallback}.`,
    );
  };
  if (options.instrument === undefined) {
    throw new Failure("usage", `Name the instrument that leads: one of ${leadNames()}.`);
  }
  const request: ComposeRequest = {
    lead: parseMelodic(options.instrument),
    drums: options.drums ?? false,
    bars: number("bars", COMPOSE_DEFAULTS.bars),
    tracks: number("tracks", COMPOSE_DEFAULTS.tracks),
    temperature: number("temperature", COMPOSE_DEFAULTS.temperature),
    topP: number("topP", COMPOSE_DEFAULTS.topP),
    seed: number("seed", randomSeed),
    tempo: number("tempo", COMPOSE_DEFAULTS.tempo),
    ...(options.band === undefined ? {} : { band: parseBand(options.band) }),
    ...(options.key === undefined ? {} : { key: parseKey(options.key) }),
    ...(options.prime === undefined ? {} : { prime: readPrime(options.prime) }),
  };
  checkRequest(request);
  return request;
}

/** Names of the instruments that can lead. */
export const leadNames = (): string =>
  LEAD_INSTRUMENTS.map((instrument) => INSTRUMENTS[instrument]).join(", ");

function parseMelodic(name: string): Instrument {
  const instrument = instrumentByName(name);
  if (instrument !== undefined && instrument !== DRUMS) return instrument;
  const why = instrument === DRUMS ? "Drums cannot lead" : `There is no instrument "${name}"`;
  throw new Failure("usage", `${why}; choose one of ${leadNames()}.`);
}

function parseBand(band: string | readonly string[]): Instrument[] {
  const names = typeof band === "string" ? band.split(",") : band;
  return names.map((name) => {
    if (instrumentByName(name) === DRUMS) {
      throw new Failure("usage", "Drums are no part of the band; switch them on with drums.");
    }
    return parseMelodic(name);
  });
}

/** The notes of a file, moved to begin in its first bar that sounds. */
function readPrime(bytes: Uint8Array): Note[] {
  const { notes } = arrange(readMidi(bytes));
  if (notes.length === 0) {
    throw new Failure(
      "unreadable",
      "The file to go on from holds no notes we play; choose another.",
    );
  }
  return fromFirstBar(notes, STEPS_PER_BAR);
}
