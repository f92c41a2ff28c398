/** What lies under and over the notes: bars, octaves, the drum lane, the commit line, the playhead. */
import { beatsOf, type MetreMap, metreName, sameMetre } from "#music/metre.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";
import { COLOURS, FONT_STACK } from "../theme.ts";
import { secondsText } from "../wording.ts";
import type { RollScene } from "./roll-scene.ts";
import { DRUM_ROWS, OTHER_DRUMS, type RollView } from "./roll-view.ts";

const BEAT_LINE = "#1b1f26";
export const BAR_LINE = "#2a2f38";

/** What stands beside the line at which comes what was called, and the pixels it takes. */
const CALLED = { label: "called", room: 48 } as const;

/** Background, bar and octave lines with their labels, and the committed stretch. */
export function paintGrid(context: CanvasRenderingContext2D, scene: RollScene): void {
  const { view, timeline } = scene;
  context.globalAlpha = 1;
  context.fillStyle = COLOURS.surface;
  context.fillRect(0, 0, view.width, view.height);
  paintBars(context, view, scene.metres);
  paintOctaves(context, view);
  paintDrumLane(context, view);
  paintCommitted(context, view, timeline.step, timeline.committedStep);
  paintAhead(context, scene);
  paintComing(context, scene);
}

/** A vertical line. */
export interface GridLine {
  readonly step: number;
  /** What stands above the line where a bar begins: its number, and its metre where that is new. */
  readonly label?: string;
}

/** The lines from one step to another, in order: where bars begin, and where `beats` is set their beats too. */
export function gridLines(
  metres: MetreMap,
  first: number,
  last: number,
  beats: boolean,
): GridLine[] {
  const lines: GridLine[] = [];
  let before = metres.barAt(first - 1);
  for (let bar = metres.barAt(first); bar.start <= last; bar = metres.bar(bar.index + 1)) {
    const isNew = bar.index > 0 && !sameMetre(before.metre, bar.metre);
    const label = `${bar.index + 1}${isNew ? ` · ${metreName(bar.metre)}` : ""}`;
    if (bar.start >= first) lines.push({ step: bar.start, label });
    for (const at of beats ? beatsOf(bar.metre) : []) {
      const step = bar.start + at;
      if (at > 0 && at < bar.steps && step >= first && step <= last) lines.push({ step });
    }
    before = bar;
  }
  return lines;
}

function paintBars(context: CanvasRenderingContext2D, view: RollView, metres: MetreMap): void {
  context.font = `12px ${FONT_STACK}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const beats = view.pixelsPerStep * STEPS_PER_QUARTER >= 18;
  for (const { step, label } of gridLines(metres, view.firstStep, view.lastStep, beats)) {
    const x = Math.round(view.xOf(step));
    context.fillStyle = label === undefined ? BEAT_LINE : BAR_LINE;
    context.fillRect(x, label === undefined ? view.top : 0, 1, view.height);
    if (label === undefined) continue;
    context.fillStyle = COLOURS.dim;
    context.fillText(label, x + 6, view.top / 2);
  }
}

function paintOctaves(context: CanvasRenderingContext2D, view: RollView): void {
  const { low, high } = view.span;
  for (let pitch = Math.ceil(low / 12) * 12; pitch <= high; pitch += 12) {
    const y = Math.round(view.yOf(pitch) + view.semitone / 2);
    context.fillStyle = BAR_LINE;
    context.fillRect(view.left, y, view.width, 1);
    context.fillStyle = COLOURS.dim;
    context.fillText(`C${pitch / 12 - 1}`, 10, view.yOf(pitch));
  }
}

function paintDrumLane(context: CanvasRenderingContext2D, view: RollView): void {
  context.fillStyle = BAR_LINE;
  context.fillRect(0, Math.round(view.drumTop), view.width, 1);
  context.fillStyle = COLOURS.dim;
  context.font = `${view.drumRowHeight < 13 ? 10 : 11}px ${FONT_STACK}`;
  const names = [...DRUM_ROWS.map(({ name }) => name), OTHER_DRUMS];
  const room = view.left - (view.left < 50 ? 4 : 10);
  for (const [row, name] of names.entries()) {
    context.fillText(name, view.left - room, view.rowY(row), room - 3);
  }
}

function paintCommitted(
  context: CanvasRenderingContext2D,
  view: RollView,
  step: number,
  committed: number,
): void {
  const from = Math.max(view.left, view.xOf(step));
  const to = Math.min(view.width, view.xOf(committed));
  if (to <= from) return;
  context.fillStyle = "rgba(255, 255, 255, 0.045)";
  context.fillRect(from, view.top, to - from, view.height);
}

/** The line up to which nothing changes any more, and how far the music is composed. */
function paintAhead(context: CanvasRenderingContext2D, { view, timeline, ahead }: RollScene): void {
  const commit = view.xOf(timeline.committedStep);
  context.font = `11px ${FONT_STACK}`;
  const y = view.height - 12;
  if (timeline.committedStep > timeline.step && commit > view.left && commit < view.width) {
    paintCommitLine(context, commit, view.top, view.height);
    context.fillStyle = COLOURS.text;
    context.textAlign = "left";
    context.fillText("committed", commit + 6, y);
  }
  if (timeline.plannedStep > timeline.committedStep && commit + 220 < view.width) {
    context.fillStyle = COLOURS.dim;
    context.textAlign = "right";
    context.fillText(`planned · ${secondsText(ahead)} ahead`, view.width - 12, y);
    context.textAlign = "left";
  }
}

/** The bar line at which comes what was called. */
function paintComing(
  context: CanvasRenderingContext2D,
  { view, timeline, comingStep = 0 }: RollScene,
): void {
  const x = view.xOf(comingStep);
  if (comingStep <= timeline.step || x <= view.left || x >= view.width) return;
  context.fillStyle = COLOURS.accent;
  context.fillRect(Math.round(x), view.top, 1, view.height - view.top);
  context.font = `11px ${FONT_STACK}`;
  const fits = x + CALLED.room < view.width;
  context.textAlign = fits ? "left" : "right";
  context.fillText(CALLED.label, fits ? x + 6 : x - 6, view.height - 28);
  context.textAlign = "left";
}

/** The dotted line up to which nothing changes any more, at `x` from `top` to `bottom`. */
export function paintCommitLine(
  context: CanvasRenderingContext2D,
  x: number,
  top: number,
  bottom: number,
): void {
  context.strokeStyle = COLOURS.dim;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, top);
  context.lineTo(Math.round(x) + 0.5, bottom);
  context.stroke();
  context.setLineDash([]);
}

/** The line at which the music sounds. */
export function paintPlayhead(context: CanvasRenderingContext2D, scene: RollScene): void {
  const { view, timeline } = scene;
  const x = Math.round(view.xOf(timeline.step));
  if (x < view.left - 1 || x > view.width) return;
  context.fillStyle = COLOURS.playhead;
  context.fillRect(x - 1, view.top - 8, 2, view.height);
  context.beginPath();
  context.moveTo(x - 6, view.top - 12);
  context.lineTo(x + 6, view.top - 12);
  context.lineTo(x, view.top - 4);
  context.fill();
}
