/** How far what was played agrees with what was asked: the same description of both, bar by bar. */
import type { ChartBar } from "#music/chart/chart.ts";

/** Spearman's rank correlation of a level over the bars that ask for it; ties share their mean rank. */
export function rankCorrelation(
  asked: readonly ChartBar[],
  played: readonly ChartBar[],
  of: (bar: ChartBar) => number | undefined,
): number | undefined {
  const pairs = asked.flatMap((bar, i) => {
    const [wanted, got] = [of(bar), of(played[i])];
    return wanted === undefined || got === undefined ? [] : [[wanted, got] as const];
  });
  if (pairs.length < 2) return undefined;
  return correlation(ranks(pairs.map(([wanted]) => wanted)), ranks(pairs.map(([, got]) => got)));
}

/** Share of what was asked for that was played so. */
export function agreement(
  asked: readonly ChartBar[],
  played: readonly ChartBar[],
  of: (bar: ChartBar) => readonly unknown[],
): number | undefined {
  let wanted = 0;
  let met = 0;
  for (const [i, bar] of asked.entries()) {
    const got = of(played[i]);
    for (const [at, value] of of(bar).entries()) {
      if (value === undefined) continue;
      wanted++;
      if (got[at] === value) met++;
    }
  }
  return wanted === 0 ? undefined : Number((met / wanted).toFixed(4));
}

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to++;
    for (let at = from; at <= to; at++) result[order[at]] = (from + to) / 2;
    from = to + 1;
  }
  return result;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (const [i, value] of a.entries()) {
    both += (value - meanA) * (b[i] - meanB);
    squaresA += (value - meanA) ** 2;
    squaresB += (b[i] - meanB) ** 2;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return Number((scale > 0 ? both / scale : 0).toFixed(4));
}
