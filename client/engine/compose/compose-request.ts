/** What a whole piece is asked for by: what the compose page, the command line and the server have in common. */
import { Failure } from "#base/failure.ts";
import type { ChartOrder } from "#music/chart/ordered-chart.ts";
import { INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import { endOfNotes } from "#music/piece.ts";
import { checkControls, type RequestedValues } from "./controls.ts";
import { metresOf, type PieceTime } from "./piece-time.ts";

/** A request. The same one gives the same notes on the same model and backend. */
export interface ComposeRequest extends RequestedValues, PieceTime {
  readonly lead: Instrument;
  readonly drums: boolean;
  /** Melodic instruments that may accompany the lead; the model chooses where undefined. */
  readonly band?: readonly Instrument[];
  readonly key?: Key;
  /** What bars should be like; what is open is arranged. */
  readonly chart?: Pick<ChartOrder, "laid">;
  /** Index into STYLES; one that suits the lead where undefined. */
  readonly style?: number;
}

/** Throws Failure "usage" naming the first field of a request that is out of its limits. */
export function checkRequest(request: ComposeRequest): void {
  checkControls(request);
  const primeBars = metresOf(request).barsIn(endOfNotes(request.prime?.notes ?? []));
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

/** The chart's file beside a track of that name, and its media type. */
export const chartFileName = (name: string): string => `${name}.chart.json`;
export const CHART_MEDIA = "application/json";

/** What files call a track of that name within. */
export const trackTitle = (name: string): string => `Cadenza ${name}`;
