/** The bars that the decoder has to meet, and whether it did: ratios of medians from one run. */
import {
  CONTEXTS,
  type ContextName,
  type DecoderReport,
  type ModelReport,
  type PlaceReport,
  type Spread,
} from "./decode-plan.ts";

/** One bar in one place. */
export interface Verdict {
  readonly place: string;
  readonly model: string;
  /** What was asked, with the names of who was compared. */
  readonly bar: string;
  /** What came out, and the limit that it had to stay under or reach; undefined where it could not be measured. */
  readonly value: number | undefined;
  readonly limit: number;
  readonly met: boolean;
}

/** Ratios are taken as far from the start as both got, since that is where music is made. */
const ORDER: readonly ContextName[] = ["500", "256", "64", "start"];

const FAR = CONTEXTS.find(([name]) => name === "far")![1];
/** A step far on over one at 500. */
const STEADY = 1.1;

/** All bars that what was measured can tell of. */
export function verdicts(places: readonly PlaceReport[]): Verdict[] {
  return places.flatMap(({ place, models }) =>
    models.flatMap((report) =>
      [
        ...againstPeers(report),
        ...againstLimit(report),
        ...steadiness(report),
        ...batches(report),
        ...parity(report),
      ].map((found) => ({ place, model: report.model, ...found })),
    ),
  );
}

/** Verdicts for people. */
export function verdictTable(found: readonly Verdict[]): string[] {
  const lines = found.map(
    ({ place, model, bar, value, limit, met }) =>
      `${met ? "met   " : "MISSED"}  ${place.padEnd(8)} ${model.padEnd(7)} ${bar}: ${value === undefined ? "not measured" : short(value)} (bar ${short(limit)})`,
  );
  return ["", "bars", ...lines];
}

type Found = Omit<Verdict, "place" | "model">;

const atLeast = (bar: string, value: number, limit: number): Found => ({
  bar,
  value,
  limit,
  met: value >= limit,
});
const under = (bar: string, value: number, limit: number): Found => ({
  bar,
  value,
  limit,
  met: value < limit,
});

/** What could not be measured is not met. */
const unknown = (bar: string, limit: number): Found => ({
  bar,
  value: undefined,
  limit,
  met: false,
});

function againstPeers({ decoders, left }: ModelReport): Found[] {
  const found: Found[] = [];
  const compare = (own: string, peer: string, times: number) => {
    const pair = fastestPair(decoders, own, peer);
    if (!pair) {
      const ours = decoders.some(({ decoder }) => decoder.startsWith(own));
      const why = left.find(({ decoder }) => decoder.startsWith(peer))?.why;
      if (ours && why !== undefined) found.push(unknown(`${peer} over ${own} (${why})`, times));
      return;
    }
    const { ours, theirs, context, ratio } = pair;
    const where = `a token at ${context}`;
    found.push(atLeast(`${theirs.decoder} over ${ours.decoder}, ${where}, times`, ratio, times));
  };
  compare("own webgpu f32", "tfjs webgpu", 25);
  compare("own webgpu f32", "ort webgpu f32", 1);
  compare("own webgpu", "ort webgpu", 1);
  compare("own wasm", "tfjs wasm", 3);
  compare("own wasm", "ort wasm", 1);
  return found;
}

/** The fastest decoders of two kinds at the farthest context that both kinds reached. */
function fastestPair(decoders: readonly DecoderReport[], own: string, peer: string) {
  for (const context of ORDER) {
    const fastest = (kind: string) =>
      decoders
        .filter(({ decoder, step }) => decoder.startsWith(kind) && step[context])
        .sort((a, b) => a.step[context]!.p50 - b.step[context]!.p50)[0];
    const [ours, theirs] = [fastest(own), fastest(peer)];
    if (!ours || !theirs) continue;
    return { ours, theirs, context, ratio: theirs.step[context]!.p50 / ours.step[context]!.p50 };
  }
  return undefined;
}

function againstLimit({ decoders, limits }: ModelReport): Found[] {
  return decoders.flatMap(({ decoder, step, weightBytes }) => {
    const limit = limits.find(({ bytes }) => bytes === weightBytes);
    const at = step["500"];
    if (!decoder.startsWith("own wasm") || !limit || !at) return [];
    const bar = `${decoder} over reading its weights once, a token at 500, times`;
    return [under(bar, at.p50 / limit.time.p50, 2.5)];
  });
}

function steadiness({ decoders }: ModelReport): Found[] {
  return decoders
    .filter(({ decoder }) => decoder.startsWith("own"))
    .flatMap(({ decoder, step }) => {
      const tail = ({ p50, p95 }: Spread) => p95 / p50;
      const worst = Object.entries(step).sort(([, a], [, b]) => tail(b) - tail(a))[0];
      const found = worst
        ? [under(`${decoder}, p95 over p50, worst at ${worst[0]}, times`, tail(worst[1]), 2)]
        : [];
      const { far } = step;
      const bar = `${decoder}, step ${FAR} over step before the window is full, times`;
      if (far?.twin && far.position >= FAR) found.push(under(bar, far.p50 / far.twin.p50, STEADY));
      else found.push(unknown(far ? `${bar} (only ${far.position} reached)` : bar, STEADY));
      return found;
    });
}

function batches({ batches }: ModelReport): Found[] {
  return batches.map(({ decoder, sequences, together, one }) =>
    under(`${decoder}, ${sequences} sequences over one, times`, together.p50 / one.p50, 2),
  );
}

function parity({ decoders }: ModelReport): Found[] {
  return decoders
    .filter(({ decoder }) => decoder.startsWith("own"))
    .map(({ decoder, error, ownError, tolerance }) =>
      under(`${decoder}, relative error`, ownError ?? error, tolerance),
    );
}

const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.05 ? value.toExponential(1) : value.toFixed(2);
