/** What a note looks like on the roll: a bar as long as it sounds, a stroke of the drums a dot. */
import type { Note } from "#music/note.ts";
import type { RollView } from "./roll-view.ts";

/** Of a stroke's dot, in pixels. */
export const dotRadius = (view: RollView): number => Math.min(5, view.drumRowHeight * 0.32);

export function addDot(path: Path2D, view: RollView, note: Note, radius: number): void {
  const x = view.xOf(note.onset) + radius;
  const y = view.drumYOf(note.pitch);
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

export function addBar(path: Path2D, view: RollView, note: Note): void {
  const height = view.noteHeight;
  // A gap of a pixel keeps repeated notes apart.
  const width = Math.max(3, note.duration * view.pixelsPerStep - 1.5);
  const y = view.yOf(note.pitch) - height / 2;
  path.roundRect(view.xOf(note.onset) + 0.5, y, width, height, Math.min(height, width) / 2);
}
