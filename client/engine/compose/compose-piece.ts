/**
 * Composes a piece of a given length, whole: what the compose page, the command line and the
 * server share. The outro is announced two bars before the end, and what would ring on past the
 * last bar ends with it, so that pieces of one request have one length.
 */
import { assert } from "#base/assert.ts";
import { threefryWord } from "#base/random.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import type { Decoder } from "#model/decoder.ts";
import type { WrittenChart } from "#music/chart/chart-file.ts";
import { chartTexts } from "#music/chart/chart-texts.ts";
import type { ChartOrder } from "#music/chart/ordered-chart.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { TokenizationName } from "#music/tokens/tokenization.ts";
import { type ComposeRequest, checkRequest, trackName, trackTitle } from "./compose-request.ts";
import { Composer } from "./composer.ts";
import { samplingOf } from "./controls.ts";
import { endStepOf, groovesOf, metresOf, temposOf } from "./piece-time.ts";

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
  /** With the chart's sections as markers and its chords as text. */
  readonly midi: Uint8Array;
  /** What the bars were to be like, for `writeChart`: what was written and what was arranged. */
  readonly chart: WrittenChart;
  /** Tokens drawn. */
  readonly tokens: number;
}

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
  const metres = metresOf(request);
  const end = endStepOf(request);
  const seed = threefryWord(request.seed, n, 0, 0);
  const composer = new Composer(decoder, tokenization);
  composer.begin(
    {
      constraint: {
        lead,
        drums,
        metres: metres.points,
        ...(band === undefined ? {} : { band }),
        ...(key === undefined ? {} : { key }),
        // In a short piece there is no time to wait for the drums or the lead.
        longestRest: Math.ceil(end / SHORT_PIECE_PARTS),
      },
      sampling: samplingOf(request),
      seed,
      tempo,
      chart: chartOf(request, seed),
    },
    request.prime?.notes,
  );
  const composed = [...composer.notes];
  const primed = composed.length;
  const outroStep = metres.bar(Math.max(0, bars - OUTRO_BARS)).start;
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
  const chart = composer.chartUntil(bars);
  const midi = writeMidi(notes, {
    tempos: temposOf(request),
    metres: metres.until(end),
    grooves: groovesOf(request),
    title: trackTitle(trackName(request, n)),
    endStep: end,
    texts: chartTexts(chart.bars, metres, (bar) => composer.beginsAt(bar)),
  });
  return { notes, midi, chart, tokens: composer.drawn };
}

/** What the request says of the chart; the arranger fills the rest, from the bar after the prime on. */
function chartOf({ chart = {}, style, ...request }: ComposeRequest, seed: number): ChartOrder {
  const { lead, drums, band, key, bars, density, energy, novelty } = request;
  const arranged = {
    ...{ seed, lead, drums, bars },
    ...(density === undefined ? {} : { density }),
    ...(energy === undefined ? {} : { energy }),
    ...(novelty === undefined ? {} : { novelty }),
    ...(band === undefined ? {} : { band }),
    ...(key === undefined ? {} : { key }),
  };
  return { ...chart, ...(style === undefined ? {} : { style }), arranged };
}
