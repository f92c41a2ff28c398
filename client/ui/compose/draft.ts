/** What stands in the compose form, and what it means: a request, or what is wrong field by field. */
import { failureOf } from "#base/failure.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import {
  CONTROLS,
  type ControlName,
  type ControlValues,
  fits,
  rangeText,
  type SAMPLING_CONTROLS,
} from "#engine/compose/controls.ts";
import { parseChart, type WrittenChart } from "#music/chart/chart-file.ts";
import { styleIndex } from "#music/chart/conditions.ts";
import { laidOn } from "#music/chart/laid-chart.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import type { Metre } from "#music/metre.ts";
import type { Prime } from "#music/midi/prime.ts";

/** Fields in which a person types a number. */
export type NumberField = "bars" | "tracks" | "tempo" | "seed";

/** The form as it stands; numbers as typed. */
export interface Draft
  extends ControlValues<(typeof SAMPLING_CONTROLS)[number]>,
    Readonly<Record<NumberField, string>> {
  readonly lead: Instrument;
  readonly drums: boolean;
  readonly key: Key | undefined;
  readonly metre: Metre;
  readonly prime: Prime | undefined;
  /** As typed: text or JSON; what is open is arranged. */
  readonly chart: string;
  /** An option of the choice of that name. */
  readonly style: string;
}

const FIELDS = ["bars", "tracks", "tempo", "seed"] as const satisfies readonly (NumberField &
  ControlName)[];

/** A sentence for each field that is wrong. */
export type DraftErrors = Partial<Record<NumberField | "chart", string>>;

/** What is wrong with the form, in words. Pure. */
export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  for (const field of FIELDS) {
    const text = draft[field].trim();
    if (text === "" || !fits(field, Number(text)))
      errors[field] = `${CONTROLS[field].label}: ${rangeText(field)}.`;
  }
  const fault = chartFault(draft);
  return fault === "" ? errors : { ...errors, chart: fault };
}

/** Why the chart cannot be read; empty where it can. */
export const chartFault = (draft: Pick<Draft, "chart" | "key">): string =>
  failureOf(() => chartOf(draft))?.message ?? "";

/** The chart that is typed; undefined where there is none. */
const chartOf = ({ chart, key }: Pick<Draft, "chart" | "key">): WrittenChart | undefined =>
  chart.trim() === "" ? undefined : parseChart(chart, key);

/** The request a form without errors stands for. */
export function requestOf(draft: Draft): ComposeRequest {
  const { key, prime, chart: _typed, style: chosen, ...rest } = draft;
  const numbers = Object.fromEntries(FIELDS.map((field) => [field, Number(draft[field])]));
  const chart = chartOf(draft);
  const style = styleIndex(chosen) ?? chart?.style;
  return {
    ...rest,
    ...(numbers as Record<NumberField, number>),
    ...(key === undefined ? {} : { key }),
    ...(prime === undefined ? {} : { prime }),
    ...(style === undefined ? {} : { style }),
    ...(chart === undefined
      ? {}
      : { chart: { laid: laidOn(chart.bars, Number(draft.bars), draft.key) } }),
  };
}
