/**
 * A performance out of the browser's store: plain JSON that another version of the page may have
 * written. What is understood of it is taken, the rest stays as it was; nothing of it is trusted.
 */

import { isJson, isWhole, type Json } from "#base/json.ts";
import { type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { intervalsOf, type Key } from "#music/key.ts";
import type { PartLimits } from "#music/rules/part.ts";
import { CHOICE_NAMES } from "../compose/choices.ts";
import { JAM_CONTROLS } from "../compose/controls.ts";
import { QUANTILES, type QuantileName } from "../compose/quantiles.ts";
import { keptChart } from "./kept-chart.ts";
import { keptCourse } from "./kept-course.ts";
import { keptMetre } from "./kept-metre.ts";
import { storedNotes } from "./kept-notes.ts";
import { keptRoute } from "./kept-route.ts";
import {
  type Controls,
  type Performance,
  type Strip,
  withControls,
  withStrip,
} from "./performance.ts";

const isShare = (value: unknown, lowest: number): value is number =>
  typeof value === "number" && value >= lowest && value <= 1;

/** `first` with what a kept value says; undefined where it says nothing. The seed is not kept: each visit plays anew. */
export function keptPerformance(value: unknown, first: Performance): Performance | undefined {
  if (!isJson(value) || !isJson(value.controls) || !Array.isArray(value.strips)) return undefined;
  const strips: readonly unknown[] = value.strips;
  const charted = {
    ...first,
    chart: keptChart(value.chart) ?? first.chart,
    course: keptCourse(value.course),
  };
  return first.strips.reduce(
    (performance, { instrument }) =>
      withStrip(performance, instrument, stripOf(strips[instrument], instrument)),
    withControls(charted, controlsOf(value.controls)),
  );
}

/** A performance as it is kept in the store: shorter, without what is of one piece alone. */
export function storedPerformance(performance: Performance): unknown {
  const { chart, course } = performance;
  const marks = chart.marks.map(({ heard, ...mark }) => ({
    ...mark,
    ...(heard && { heard: { ...heard, notes: storedNotes(heard.notes) } }),
  }));
  const layers = course.layers.map((layer) => ({ ...layer, notes: storedNotes(layer.notes) }));
  return { ...performance, chart: { ...chart, marks, cue: undefined }, course: { layers } };
}

function controlsOf(kept: Json): Partial<Controls> {
  const numbers = JAM_CONTROLS.filter(
    (name) => name !== "seed" && typeof kept[name] === "number" && Number.isFinite(kept[name]),
  );
  const { lead, drums, key, metre } = kept;
  const offered = keptMetre(metre);
  return {
    ...Object.fromEntries(numbers.map((name) => [name, kept[name]])),
    ...(LEAD_INSTRUMENTS.includes(lead as number) ? { lead: lead as number } : {}),
    ...(typeof drums === "boolean" ? { drums } : {}),
    ...(isKey(key) ? { key: { tonic: key.tonic, scale: key.scale } } : {}),
    ...(offered === undefined ? {} : { metre: offered }),
    ...Object.fromEntries(CHOICE_NAMES.map((name) => [name, kept[name]])),
  };
}

/** Whether a value is a key that can be chosen. */
export function isKey(key: unknown): key is Key {
  if (!isJson(key)) return false;
  const { tonic, scale } = key;
  return isWhole(tonic, 0, 11) && typeof scale === "string" && intervalsOf(scale) !== undefined;
}

function stripOf(kept: unknown, instrument: Instrument): Partial<Strip> {
  if (!isJson(kept)) return {};
  const { muted, soloed, enabled, level, pan, pitches, velocities } = kept;
  const route = keptRoute(kept.route, instrument);
  return {
    ...(typeof muted === "boolean" ? { muted } : {}),
    ...(typeof soloed === "boolean" ? { soloed } : {}),
    ...(typeof enabled === "boolean" ? { enabled } : {}),
    ...(isShare(level, 0) ? { level } : {}),
    ...(isShare(pan, -1) ? { pan } : {}),
    ...(route === undefined ? {} : { route }),
    ...(isJson(kept.limits) ? { limits: keptLimits(kept.limits) } : {}),
    ...(isPart(pitches) ? { pitches } : {}),
    ...(velocities === "band" || isPart(velocities) ? { velocities } : {}),
  };
}

const isPart = (value: unknown): value is QuantileName =>
  typeof value === "string" && Object.hasOwn(QUANTILES, value);

/** Most notes at once, and in the time of a whole note. */
const MOST_NOTES = { polyphony: 128, density: 1536 } as const;

/** What is understood of a part's limits. */
export function keptLimits({ register, polyphony, density }: Json): PartLimits {
  const [lowest, highest]: readonly unknown[] = Array.isArray(register) ? register : [];
  return {
    ...(isWhole(highest, 0, 127) && isWhole(lowest, 0, highest)
      ? { register: [lowest, highest] }
      : {}),
    ...(isWhole(polyphony, 1, MOST_NOTES.polyphony) ? { polyphony } : {}),
    ...(isWhole(density, 1, MOST_NOTES.density) ? { density } : {}),
  };
}
