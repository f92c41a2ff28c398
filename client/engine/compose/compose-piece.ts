/**
 * Composes a piece of a given length, whole: what the compose page, the command line and the
 * server share. The outro is announced two bars before the end, and what would ring on past the
 * last bar ends with it, so that pieces of one request have one length.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { threefryWord } from "#base/random.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import type { ComposeRequest } from "#engine/studio/studio-state.ts";
import type { Decoder } from "#model/decoder.ts";
import { INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, endOfNotes } from "#music/piece.ts";
import type { TokenizationName } from "#music/tokens/tokenization.ts";
import { STEPS_PER_BAR, TEMPO_RANGE } from "#music/units.ts";
import { Composer } from "./composer.ts";
import { drawnAlike } from "./composition.ts";

/** Limits of a request; the form, the command line and the server refuse what lies outside. */
export const COMPOSE_LIMITS = {
  bars: { lowest: 1, highest: 512 },
  tracks: { lowest: 1, highest: 16 },
  temperature: { lowest: 0, highest: 2 },
  tempo: TEMPO_RANGE,
  seed: { lowest: 0, highest: 0xffffffff },
} as const;

/** Bars before the end at which the outro is announced. */
const OUTRO_BARS = 2;

/** Drums and lead are heard within this part of a short piece. */
const SHORT_PIECE_PARTS = 8;

/** Events drawn at once where the decoder can: no control moves while a piece is composed. */
const EVENTS_AHEAD = 8;

/** A progress in [0, 1] and the tokens drawn so far. */
export type ComposeProgress = (share: number, tokens: number) => void;

/** A piece made for a request. */
export interface ComposedPiece {
  /** Canonical notes; none sounds past `bars`. */
  readonly notes: readonly Note[];
  readonly midi: Uint8Array;
  /** Tokens drawn. */
  readonly tokens: number;
}

/** Throws Failure "usage" naming the first field of a request that is out of its limits. */
export function checkRequest(request: ComposeRequest): void {
  for (const field of ["bars", "tracks", "seed", "temperature", "tempo"] as const) {
    const { lowest, highest } = COMPOSE_LIMITS[field];
    const value = request[field];
    const whole = field === "temperature" || field === "tempo" || Number.isInteger(value);
    if (!(whole && value >= lowest && value <= highest)) {
      const kind = field === "temperature" || field === "tempo" ? "number" : "whole number";
      throw new Failure(
        "usage",
        `${field} ${value} must be a ${kind} from ${lowest} to ${highest}.`,
      );
    }
  }
  if (!(request.topP > 0 && request.topP <= 1)) {
    throw new Failure("usage", `topP ${request.topP} must be above 0 and at most 1.`);
  }
  const primeBars = Math.ceil(endOfNotes(request.prime ?? []) / STEPS_PER_BAR);
  if (primeBars >= request.bars) {
    throw new Failure(
      "usage",
      `The piece to go on from lasts ${primeBars} bars and ${request.bars} are asked for; ask for more bars or shorten it.`,
    );
  }
  if (!LEAD_INSTRUMENTS.includes(request.lead)) {
    const names = LEAD_INSTRUMENTS.map((id) => INSTRUMENTS[id]).join(", ");
    throw new Failure("usage", `The lead must be one of ${names}.`);
  }
}

/** `<instrument>-<seed>-<n>`, the name of track `n` (from 1) of a request. */
export const trackName = (request: ComposeRequest, n: number): string =>
  `${INSTRUMENTS[request.lead].toLowerCase()}-${request.seed}-${n}`;

/**
 * Composes track `n` (from 1) of a request. The decoder must be endless and pin the heading of the
 * tokenization, which is its model's; it is left as it is at the end. Stops with the signal's reason when aborted.
 * @throws Failure "usage" for a request out of its limits, or a prime longer than the piece.
 */
export async function composePiece(
  decoder: Decoder,
  request: ComposeRequest,
  n: number,
  onProgress: ComposeProgress = () => undefined,
  signal?: AbortSignal,
  tokenization: TokenizationName = "grid32",
): Promise<ComposedPiece> {
  checkRequest(request);
  assert(n >= 1, `track ${n} must count from 1`);
  const { lead, drums, band, key, bars, tempo } = request;
  const end = bars * STEPS_PER_BAR;
  const prime = request.prime ?? [];
  const seed = threefryWord(request.seed, n, 0, 0);
  const composer = new Composer(decoder, tokenization);
  composer.begin(
    {
      constraint: {
        lead,
        drums,
        ...(band === undefined ? {} : { band }),
        ...(key === undefined ? {} : { key }),
        // In a short piece there is no time to wait for the drums or the lead.
        longestRest: Math.ceil(end / SHORT_PIECE_PARTS),
      },
      sampling: drawnAlike({ temperature: request.temperature, topP: request.topP }),
      seed,
      tempo,
    },
    prime,
  );
  const composed = [...composer.notes];
  const primed = composed.length;
  const outroStep = Math.max(0, bars - OUTRO_BARS) * STEPS_PER_BAR;
  let outroSaid = false;
  for (;;) {
    signal?.throwIfAborted();
    if (!outroSaid && composer.onset >= outroStep && composed.length > primed) {
      composer.announceOutro();
      outroSaid = true;
    }
    const note = await composer.next(EVENTS_AHEAD);
    if (note.onset >= end) break;
    const past = note.onset + note.duration > end;
    composed.push(past ? { ...note, duration: end - note.onset } : note);
    onProgress(note.onset / end, composer.drawn);
    await yieldToEvents();
  }
  onProgress(1, composer.drawn);
  const notes = canonicalNotes(composed);
  const midi = writeMidi(notes, {
    tempos: [{ step: 0, tempo }],
    title: `Cadenza ${trackName(request, n)}`,
    endStep: end,
  });
  return { notes, midi, tokens: composer.drawn };
}
