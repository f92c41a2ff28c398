/** What goes round, out of the browser's store: layers that are understood are taken, nothing of them is trusted. */
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import { type Course, cutOut, type Layer, MOST_LAYERS, STRAIGHT_ON } from "./course.ts";
import { isJson, isWhole } from "./kept-route.ts";

/** Steps and notes of the longest layer. */
const LONGEST = { steps: 32 * STEPS_PER_WHOLE, notes: 2048 } as const;

/** The course as it was kept; what was asked of one piece is not asked of another. */
export function keptCourse(value: unknown): Course {
  const layers = isJson(value) && Array.isArray(value.layers) ? value.layers : [];
  return { ...STRAIGHT_ON, layers: layers.flatMap(layerOf).slice(-MOST_LAYERS) };
}

function layerOf(value: unknown): Layer[] {
  if (!isJson(value) || !Array.isArray(value.notes)) return [];
  const { kind, steps } = value;
  if (!isWhole(steps, 1, LONGEST.steps) || !isKind(kind)) return [];
  const notes = cutOut(value.notes.slice(0, LONGEST.notes).filter(isNote), 0, steps);
  const isPart = notes.every(({ instrument }) => instrument === notes[0].instrument);
  return notes.length === 0 || (kind === "part" && !isPart) ? [] : [{ kind, steps, notes }];
}

const isKind = (value: unknown): value is Layer["kind"] =>
  value === "bars" || value === "part" || value === "recording";

function isNote(value: unknown): value is Note {
  if (!isJson(value)) return false;
  const { instrument, pitch, velocity, onset, duration } = value;
  return (
    isWhole(instrument, 0, INSTRUMENTS.length - 1) &&
    isWhole(pitch, 0, 127) &&
    isWhole(velocity, 1, 127) &&
    isWhole(onset, 0, LONGEST.steps) &&
    isWhole(duration, 1, LONGEST.steps)
  );
}
