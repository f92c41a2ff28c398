/** What goes round, out of the browser's store: layers that are understood are taken, nothing of them is trusted. */

import { isJson } from "#base/json.ts";
import { type Course, type Layer, MOST_LAYERS, STRAIGHT_ON } from "./course.ts";
import { keptNotes } from "./kept-notes.ts";

/** The course as it was kept; what was asked of one piece is not asked of another. */
export function keptCourse(value: unknown): Course {
  const layers = isJson(value) && Array.isArray(value.layers) ? value.layers : [];
  return { ...STRAIGHT_ON, layers: layers.flatMap(layerOf).slice(-MOST_LAYERS) };
}

function layerOf(value: unknown): Layer[] {
  if (!isJson(value)) return [];
  const { kind } = value;
  const kept = keptNotes(value.steps, value.notes);
  if (kept === undefined || !isKind(kind)) return [];
  const isPart = kept.notes.every(({ instrument }) => instrument === kept.notes[0].instrument);
  return kind === "part" && !isPart ? [] : [{ kind, ...kept }];
}

const isKind = (value: unknown): value is Layer["kind"] =>
  value === "bars" || value === "part" || value === "recording";
