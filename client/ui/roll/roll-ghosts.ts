/**
 * Ways in which the music could go on, drawn on the roll where they would be heard: outlines alone, since none of it is
 * music yet. The one that is pointed at stands out.
 */
import type { Futures } from "#engine/jam/futures-desk.ts";
import { DRUMS } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Timeline } from "../surface-model.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";
import type { RollScene } from "./roll-scene.ts";
import { addBar, addDot, dotRadius } from "./roll-shapes.ts";

/** Opacity of their outlines, 0-1: of all alike, of the one pointed at, of the others then. */
const OUTLINE = { alike: 0.45, seen: 1, others: 0.12 } as const;

/** Steps by which they would be heard later than they were drawn for: at the next bar line, where theirs is over. */
function lateBy({ from }: Futures, { committedStep }: Timeline, metres: MetreMap): number {
  return Math.max(0, metres.barLineFrom(committedStep) - from);
}

/** Paints them over the notes. */
export function paintGhosts(context: CanvasRenderingContext2D, scene: RollScene): void {
  const { futures, seen, view, timeline, metres, soundingOf } = scene;
  if (futures === undefined) return;
  const late = lateBy(futures, timeline, metres);
  const radius = dotRadius(view);
  context.lineWidth = 1.2;
  for (const [index, notes] of futures.notes.entries()) {
    context.globalAlpha =
      seen === undefined ? OUTLINE.alike : index === seen ? OUTLINE.seen : OUTLINE.others;
    context.setLineDash(index === seen ? [] : [3, 2]);
    for (const each of notes ?? []) {
      const note = soundingOf(late === 0 ? each : { ...each, onset: each.onset + late });
      const path = new Path2D();
      if (note.instrument === DRUMS) addDot(path, view, note, radius);
      else addBar(path, view, note);
      context.strokeStyle = INSTRUMENT_COLOURS[note.instrument];
      context.stroke(path);
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}
