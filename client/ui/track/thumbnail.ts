/** A whole track at a glance: every note as a stroke, in its instrument's colour. */
import { DRUMS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";

/** Share of the height that belongs to the drums, at the bottom. */
const DRUM_SHARE = 0.2;

/** Sizes the canvas to its box and paints the notes; the width is `steps` long. */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  notes: readonly Note[],
  steps: number,
): void {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = Math.min(3, devicePixelRatio || 1);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null || notes.length === 0) return;
  context.scale(ratio, ratio);
  const drums = notes.some((note) => note.instrument === DRUMS);
  const melodic = height * (drums ? 1 - DRUM_SHARE : 1) - 6;
  const pitches = notes.filter((note) => note.instrument !== DRUMS).map((note) => note.pitch);
  const low = pitches.reduce((least, pitch) => Math.min(least, pitch), 127);
  const high = pitches.reduce((most, pitch) => Math.max(most, pitch), 0);
  const span = Math.max(24, high - low);
  for (const note of notes) {
    context.fillStyle = INSTRUMENT_COLOURS[note.instrument];
    const x = (note.onset / steps) * width;
    if (note.instrument === DRUMS) {
      const y = melodic + 8 + (1 - (note.pitch % 24) / 24) * (height - melodic - 12);
      context.fillRect(x, y, 1.5, 2);
    } else {
      const y = 3 + ((high - note.pitch) / span) * (melodic - 3);
      context.fillRect(x, y, Math.max(1.5, (note.duration / steps) * width - 0.5), 2);
    }
  }
}
