/** Metres for tests of laws: those that are offered, uneven and tiny ones, and maps that change on and off bar lines. */
import fc from "fast-check";
import { type Metre, MetreMap, type MetrePoint, OFFERED_METRES } from "#music/metre.ts";

/** Metres that music from elsewhere stands in. */
const FOREIGN: readonly Metre[] = [
  { numerator: 3, denominator: 8 },
  { numerator: 5, denominator: 8 },
  { numerator: 7, denominator: 8 },
  { numerator: 2, denominator: 2 },
  { numerator: 5, denominator: 16 },
  { numerator: 3, denominator: 64 },
  { numerator: 33, denominator: 4 },
];

/** Any metre, most often one that is offered. */
export const anyMetre: fc.Arbitrary<Metre> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...OFFERED_METRES) },
  { weight: 1, arbitrary: fc.constantFrom(...FOREIGN) },
);

/** Points of a map, the first at step 0; the others fall where they fall. */
export const metrePoints: fc.Arbitrary<readonly MetrePoint[]> = fc
  .tuple(anyMetre, fc.array(fc.tuple(fc.nat({ max: 300 }), anyMetre), { maxLength: 4 }))
  .map(([first, later]) => {
    let step = 0;
    const points = later.map(([gap, metre]) => {
      step += gap;
      return { step, metre };
    });
    return [{ step: 0, metre: first }, ...points];
  });

export const metreMaps: fc.Arbitrary<MetreMap> = metrePoints.map((points) => new MetreMap(points));
