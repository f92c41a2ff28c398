/**
 * What a person asks for, as text or JSON, to the request the engine understands. The command line
 * and the HTTP route name the same options and refuse them in the same words.
 */
import { Failure } from "#base/failure.ts";
import { type ComposeRequest, checkRequest } from "#engine/compose/compose-request.ts";
import {
  type ControlValues,
  PIECE_CONTROLS,
  type PieceControlName,
  within,
} from "#engine/compose/controls.ts";
import { parseChart, parseStyle } from "#music/chart/chart-file.ts";
import { laidOn } from "#music/chart/laid-chart.ts";
import {
  DRUMS,
  INSTRUMENTS,
  type Instrument,
  instrumentByName,
  LEAD_INSTRUMENTS,
} from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { parseMetre } from "#music/metre.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { leftOutSentences } from "#music/midi/left-out.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { openingTempo, type Prime, primeOf } from "#music/midi/prime.ts";

/** The options, none checked yet; numbers may come as text. */
export interface ComposeOptions
  extends Readonly<Partial<Record<PieceControlName, string | number>>> {
  readonly instrument?: string;
  readonly drums?: boolean;
  /** Names, as a list or with commas between. */
  readonly band?: string | readonly string[];
  readonly key?: string;
  /** "3/4". */
  readonly metre?: string;
  /** A chart as text or JSON, see chart-file.ts. */
  readonly chart?: string;
  /** A name of STYLES. */
  readonly style?: string;
  /** A Standard MIDI File to go on from. */
  readonly prime?: Uint8Array;
}

/**
 * Checks options. `randomSeed` is taken where none is given; `tell` hears what of the prime is damaged or left out.
 * @throws Failure "usage" naming the option and what it may be; as `readMidi` for the prime
 */
export function parseComposeOptions(
  options: ComposeOptions,
  randomSeed: number,
  tell: (remark: string) => void = () => undefined,
): ComposeRequest {
  const prime = options.prime === undefined ? undefined : readPrime(options.prime, tell);
  // Music to go on from has a tempo of its own.
  const ownTempo = prime && within("tempo", openingTempo(prime));
  const number = (name: PieceControlName): number => {
    const value = options[name];
    const fallback =
      (name === "tempo" ? ownTempo : undefined) ?? PIECE_CONTROLS[name].usual ?? randomSeed;
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
  const names = Object.keys(PIECE_CONTROLS) as PieceControlName[];
  const values = Object.fromEntries(names.map((name) => [name, number(name)]));
  const key = options.key === undefined ? undefined : parseKey(options.key);
  const chart = options.chart === undefined ? undefined : parseChart(options.chart, key);
  const style = options.style === undefined ? chart?.style : parseStyle(options.style);
  const request: ComposeRequest = {
    ...(values as unknown as ControlValues),
    lead: parseMelodic(options.instrument),
    drums: options.drums ?? false,
    ...(options.band === undefined ? {} : { band: parseBand(options.band) }),
    ...(key === undefined ? {} : { key }),
    ...(style === undefined ? {} : { style }),
    ...(options.metre === undefined ? {} : { metre: parseMetre(options.metre) }),
    ...(prime === undefined ? {} : { prime }),
  };
  checkRequest(request);
  return chart === undefined
    ? request
    : { ...request, chart: { laid: laidOn(chart.bars, request.bars, key) } };
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

function readPrime(bytes: Uint8Array, tell: (remark: string) => void): Prime {
  const song = readMidi(bytes);
  const arrangement = arrange(song);
  if (arrangement.notes.length === 0) {
    throw new Failure(
      "unreadable",
      "The file to go on from holds no notes we play; choose another.",
    );
  }
  for (const remark of [...song.warnings, ...leftOutSentences(arrangement.counts)]) tell(remark);
  return primeOf(arrangement);
}
