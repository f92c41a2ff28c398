/**
 * A performance out of the browser's store: plain JSON that another version of the page may have
 * written. What is understood of it is taken, the rest stays as it was; nothing of it is trusted.
 */
import { type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { intervalsOf, type Key } from "#music/key.ts";
import type { PartLimits } from "#music/rules/part.ts";
import { CHOICE_NAMES } from "../compose/choices.ts";
import { JAM_CONTROLS } from "../compose/controls.ts";
import { QUANTILES, type QuantileName } from "../compose/quantiles.ts";
import { keptChart } from "./kept-chart.ts";
import { keptCourse } from "./kept-course.ts";
import { keptMetre } from "./kept-metre.ts";
import { isJson, type Json, keptRoute } from "./kept-route.ts";
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

function isKey(key: unknown): key is Key {
  if (!isJson(key)) return false;
  const { tonic, scale } = key;
  const tonics = Number.isInteger(tonic) && (tonic as number) >= 0 && (tonic as number) < 12;
  return tonics && typeof scale === "string" && intervalsOf(scale) !== undefined;
}

function stripOf(kept: unknown, instrument: Instrument): Partial<Strip> {
  if (!isJson(kept)) return {};
  const { muted, soloed, enabled, level, pan, pitches } = kept;
  const route = keptRoute(kept.route, instrument);
  return {
    ...(typeof muted === "boolean" ? { muted } : {}),
    ...(typeof soloed === "boolean" ? { soloed } : {}),
    ...(typeof enabled === "boolean" ? { enabled } : {}),
    ...(isShare(level, 0) ? { level } : {}),
    ...(isShare(pan, -1) ? { pan } : {}),
    ...(route === undefined ? {} : { route }),
    ...(isJson(kept.limits) ? { limits: limitsOf(kept.limits) } : {}),
    ...(isPart(pitches) ? { pitches } : {}),
  };
}

const isPart = (value: unknown): value is QuantileName =>
  typeof value === "string" && Object.hasOwn(QUANTILES, value);
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

function limitsOf({ register, polyphony, density }: Json): PartLimits {
  const [lowest, highest] = Array.isArray(register) ? register.map(Number) : [];
  return {
    ...(isCount(lowest) && isCount(highest) && lowest <= highest
      ? { register: [lowest, highest] }
      : {}),
    ...(isCount(polyphony) ? { polyphony } : {}),
    ...(isCount(density) ? { density } : {}),
  };
}
