/**
 * Draws the chart lane under the roll, bar by bar at the roll's own places. What the player said is told from what the
 * arranger said by its form: bold and underlined, thick lines, a handle on the curve; the rest is slanted, thin, plain.
 */
import { HIGHEST_LEVEL } from "#music/chart/chart.ts";
import type { Instrument } from "#music/instrument.ts";
import { BAR_LINE, paintCommitLine } from "../roll/roll-grid.ts";
import type { RollView } from "../roll/roll-view.ts";
import type { Timeline } from "../surface-model.ts";
import { COLOURS, FONT_STACK, INSTRUMENT_COLOURS } from "../theme.ts";
import {
  type ChartRows,
  type DrawnRow,
  instrumentLane,
  LEVEL_ROWS,
  type Row,
} from "./chart-rows.ts";
import type { Said, ShownBar } from "./shown-bars.ts";

/** The lane at one moment. */
export interface ChartScene {
  readonly view: RollView;
  readonly bars: readonly ShownBar[];
  readonly rows: ChartRows;
  readonly timeline: Timeline;
  /** Whose playing is painted. */
  readonly brush: Instrument;
  /** Where the keyboard is, if it is. */
  readonly cursor: { readonly row: DrawnRow; readonly bar: number } | undefined;
}

const LABELS = { players: "who", density: "density", energy: "energy" } as const;
const BED = "#1b1f26";

/** Under the curves: the colours of what is the player's, and the arranger's, seen through. */
const OWN_AREA = `${COLOURS.accent}66`;
const ARRANGED_AREA = `${COLOURS.dim}29`;

/** Opacity of bars that are settled. */
const SETTLED = 0.5;

/** Paints a whole frame over whatever the canvas held. */
export function paintChart(context: CanvasRenderingContext2D, scene: ChartScene): void {
  const { view, rows } = scene;
  context.globalAlpha = 1;
  context.fillStyle = COLOURS.surface;
  context.fillRect(0, 0, view.width, rows.height);
  context.textBaseline = "middle";
  paintBeds(context, scene);
  context.save();
  context.beginPath();
  context.rect(view.left, 0, view.width - view.left, rows.height);
  context.clip();
  for (const [at, bar] of scene.bars.entries()) paintBar(context, scene, bar, at === 0);
  paintCursor(context, scene);
  paintNow(context, scene);
  context.restore();
}

/** The rows' names and their ground, and the lane of whoever is painted. */
function paintBeds(context: CanvasRenderingContext2D, { view, rows, brush }: ChartScene): void {
  context.font = `11px ${FONT_STACK}`;
  context.textAlign = "left";
  for (const row of ["players", ...LEVEL_ROWS] as const) {
    const { top, height } = rows[row];
    context.fillStyle = BED;
    context.fillRect(view.left, top, view.width, height);
    context.fillStyle = COLOURS.dim;
    context.fillText(LABELS[row], 6, top + height / 2, view.left - 9);
  }
  const lane = instrumentLane(rows.players, brush);
  context.globalAlpha = 0.22;
  context.fillStyle = INSTRUMENT_COLOURS[brush];
  context.fillRect(view.left, lane.top, view.width, lane.height);
  context.globalAlpha = 1;
}

function paintBar(
  context: CanvasRenderingContext2D,
  scene: ChartScene,
  bar: ShownBar,
  isFirst: boolean,
): void {
  const { view, rows } = scene;
  const left = view.xOf(bar.start);
  const right = view.xOf(bar.end);
  context.fillStyle = BAR_LINE;
  context.fillRect(Math.round(left), 0, 1, rows.height);
  context.globalAlpha = bar.isSettled ? SETTLED : 1;
  if (bar.begins || isFirst) paintSection(context, bar, Math.max(left, view.left), right);
  paintChords(context, scene, bar);
  for (const [instrument, said] of bar.players.entries()) {
    const colour = INSTRUMENT_COLOURS[instrument];
    paintPlayer(context, instrumentLane(rows.players, instrument), { left, right, said, colour });
  }
  for (const row of LEVEL_ROWS) paintLevel(context, rows[row], { left, right, said: bar[row] });
  context.globalAlpha = 1;
}

function paintSection(
  context: CanvasRenderingContext2D,
  { section }: ShownBar,
  left: number,
  right: number,
): void {
  if (section.value === undefined || right - left < 24) return;
  context.font = `${section.isOwn ? "600 " : ""}11px ${FONT_STACK}`;
  context.fillStyle = section.isOwn ? COLOURS.accent : COLOURS.dim;
  context.fillText(section.value, left + 6, 8, right - left - 8);
}

function paintChords(
  context: CanvasRenderingContext2D,
  { view, rows }: ChartScene,
  { start, middle, end, chords }: ShownBar,
): void {
  const [first, second] = chords;
  const isOne = first.value === second.value;
  const y = rows.chords.top + rows.chords.height - 12;
  paintChord(context, first, view.xOf(start), view.xOf(isOne ? end : middle), y);
  if (!isOne) paintChord(context, second, view.xOf(middle), view.xOf(end), y);
}

function paintChord(
  context: CanvasRenderingContext2D,
  { value, isOwn }: Said<string>,
  left: number,
  right: number,
  y: number,
): void {
  const room = right - left - 8;
  if (value === undefined || room < 6) return;
  context.font = `${isOwn ? "700" : "italic 400"} 14px ${FONT_STACK}`;
  context.fillStyle = isOwn ? COLOURS.text : COLOURS.dim;
  context.fillText(value, left + 6, y, room);
  if (!isOwn) return;
  context.fillStyle = COLOURS.accent;
  context.fillRect(left + 5, y + 9, Math.max(8, right - left - 8), 2);
}

/** What is painted of one thing in one bar. */
interface Painted<T> {
  readonly left: number;
  readonly right: number;
  readonly said: Said<T>;
}

function paintPlayer(
  context: CanvasRenderingContext2D,
  lane: Row,
  { left, right, said, colour }: Painted<boolean> & { readonly colour: string },
): void {
  const middle = lane.top + lane.height / 2;
  const thick = said.isOwn ? Math.max(3, lane.height - 0.5) : 1.5;
  context.fillStyle = colour;
  if (said.value === true) context.fillRect(left + 2, middle - thick / 2, right - left - 3, thick);
  else if (said.isOwn) paintRest(context, (left + right) / 2, middle, colour);
}

/** The player silenced it: a cross. */
function paintRest(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.beginPath();
  context.moveTo(x - 3, y - 2.5);
  context.lineTo(x + 3, y + 2.5);
  context.moveTo(x - 3, y + 2.5);
  context.lineTo(x + 3, y - 2.5);
  context.stroke();
}

function paintLevel(
  context: CanvasRenderingContext2D,
  { top, height }: Row,
  { left, right, said }: Painted<number>,
): void {
  if (said.value === undefined) return;
  const high = Math.max(1, ((height - 5) * said.value) / HIGHEST_LEVEL);
  const y = top + height - high;
  const width = right - left - 3;
  context.fillStyle = said.isOwn ? OWN_AREA : ARRANGED_AREA;
  context.fillRect(left + 2, y, width, high);
  context.fillStyle = said.isOwn ? COLOURS.accent : COLOURS.dim;
  context.fillRect(left + 2, y, width, said.isOwn ? 2 : 1);
  if (!said.isOwn) return;
  context.beginPath();
  context.arc((left + right) / 2, y + 1, 4, 0, 2 * Math.PI);
  context.fill();
}

function paintCursor(context: CanvasRenderingContext2D, scene: ChartScene): void {
  const { cursor, bars, rows, view } = scene;
  const bar = bars.find(({ index }) => index === cursor?.bar);
  if (cursor === undefined || bar === undefined) return;
  const { top, height } = rows[cursor.row];
  const left = view.xOf(bar.start);
  context.strokeStyle = COLOURS.accent;
  context.lineWidth = 2;
  context.strokeRect(left + 1, top + 1, view.xOf(bar.end) - left - 2, height - 2);
}

/** The line at which the music sounds, and that up to which nothing changes any more, as on the roll. */
function paintNow(context: CanvasRenderingContext2D, { view, rows, timeline }: ChartScene): void {
  const { step, committedStep } = timeline;
  if (committedStep > step) paintCommitLine(context, view.xOf(committedStep), 0, rows.height);
  context.fillStyle = COLOURS.playhead;
  context.fillRect(Math.round(view.xOf(step)) - 1, 0, 2, rows.height);
}
