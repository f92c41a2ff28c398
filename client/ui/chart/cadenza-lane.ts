/**
 * The rows under the roll, bar by bar at the roll's own places: chords and sections are seen, who plays, density and
 * energy are drawn on, by mouse, finger or keys. A canvas under the rows moves with the music; the rows speak.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type DrawnChange, withDrawn } from "#music/chart/player-chart.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { fitted, NO_SIZE } from "../canvas-size.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { RollView } from "../roll/roll-view.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { paintChart } from "./chart-painter.ts";
import { type DrawnRow, LEVEL_ROWS, rowsOf } from "./chart-rows.ts";
import { strokeFrom, strokeOfKey } from "./lane-strokes.ts";
import { BarWindow, type ChartSight, placesOf, type ShownBar, shownBar } from "./shown-bars.ts";

/**
 * @fires RemarkEvent where bars cannot be drawn on any more
 * @property session whose chart is shown and drawn on
 * @property brush whose playing is painted
 * @property whole strokes draw over the whole section of a bar
 */
@customElement("cadenza-lane")
export class CadenzaLane extends LitElement {
  static override styles = css`
    :host {
      display: block;
      box-sizing: border-box;
      position: relative;
      margin-top: 6px;
      overflow: hidden;
      border: 1px solid var(--line);
      border-radius: 10px;
      background: var(--surface);
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    .row {
      position: absolute;
      inset-inline: 0;
      touch-action: none;
      cursor: ns-resize;
    }
    .row.players {
      cursor: cell;
    }
    .row:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: -2px;
    }
  `;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) brush: Instrument = DRUMS;
  @property({ type: Boolean }) whole = false;
  @state() private cursor: { readonly row: DrawnRow; readonly bar: number } | undefined;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  #view: RollView | undefined;
  #size = NO_SIZE;
  readonly #bars = new BarWindow();
  #stroke: ((share: number) => DrawnChange) | undefined;
  readonly #coarse = matchMedia("(pointer: coarse), (max-width: 720px)");
  readonly #turned = () => this.requestUpdate();
  readonly #resize = new ResizeObserver(() => {
    if (this.canvas === null) return;
    this.#size = fitted(this.canvas);
    this.#paint();
  });

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    this.#coarse.addEventListener("change", this.#turned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#coarse.removeEventListener("change", this.#turned);
  }

  /** Shows the bars at the places of the roll's newest frame. */
  show(view: RollView): void {
    this.#view = view;
    this.#paint();
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const rows = rowsOf(this.#coarse.matches);
    const bar = this.#atCursor(session);
    const name = `bar ${bar.index + 1}`;
    const by = (isOwn: boolean) => (isOwn ? HINTS.drawnByYou : HINTS.drawnByArranger);
    const player = bar.players[this.brush];
    const place = (row: DrawnRow) => `top: ${rows[row].top}px; height: ${rows[row].height}px`;
    return html`<div
      class="rows"
      style="height: ${rows.height}px"
      @pointerdown=${this.#beginStroke}
      @pointermove=${this.#goOnStroke}
      @pointerup=${this.#endStroke}
      @pointercancel=${this.#endStroke}
      @keydown=${this.#press}
      @focusin=${this.#enter}
      @focusout=${() => {
        this.cursor = undefined;
      }}
    >
      <canvas role="img" aria-label=${`Chart, ${spoken(bar)}`}></canvas>
      <div
        class="row players"
        data-row="players"
        style=${place("players")}
        role="checkbox"
        tabindex="0"
        title=${HINTS.paintPlayers}
        aria-label=${`${INSTRUMENTS[this.brush]} plays in ${name}, ${by(player.isOwn)}`}
        aria-checked=${player.value === true}
      ></div>
      ${LEVEL_ROWS.map(
        (row) => html`<div
          class="row"
          data-row=${row}
          style=${place(row)}
          role="slider"
          tabindex="0"
          title=${HINTS.drawCurve(row)}
          aria-label=${row}
          aria-orientation="vertical"
          aria-valuemin="1"
          aria-valuemax="7"
          aria-valuenow=${bar[row].value ?? 1}
          aria-valuetext=${`${bar[row].value ?? "open"} in ${name}, ${by(bar[row].isOwn)}`}
        ></div>`,
      )}
    </div>`;
  }

  protected override updated(): void {
    this.#paint();
  }

  /** The first bar that can still be drawn on, or a later one that the keyboard has come to. */
  #atCursor(session: SessionLike): ShownBar {
    const first = session.metres.barFrom(session.timeline().committedStep);
    return shownBar(sightOf(session), Math.max(first.index, this.cursor?.bar ?? 0));
  }

  readonly #enter = (event: FocusEvent): void => {
    const row = rowOf(event);
    if (row === undefined || this.session === undefined) return;
    if ((event.target as Element).matches(":focus-visible"))
      this.cursor = { row, bar: this.#atCursor(this.session).index };
  };

  readonly #press = (event: KeyboardEvent): void => {
    const row = rowOf(event);
    const { session } = this;
    if (row === undefined || session === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const bar = this.#atCursor(session);
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const stroke = strokeOfKey(row, event.key, bar, this.brush);
    if (way === undefined && stroke === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.cursor = { row, bar: bar.index + (way ?? 0) };
    if (stroke !== undefined) this.#draw(session, bar, stroke);
  };

  readonly #beginStroke = (event: PointerEvent): void => {
    const row = rowOf(event);
    const bar = this.#barUnder(event);
    if (row === undefined || bar === undefined || event.button !== 0) return;
    if (bar.isSettled) {
      this.dispatchEvent(new RemarkEvent(HINTS.barsAreSettled, "hint"));
      return;
    }
    (event.target as Element).setPointerCapture(event.pointerId);
    this.#stroke = strokeFrom(row, bar, this.brush);
    this.#goOnStroke(event);
  };

  readonly #goOnStroke = (event: PointerEvent): void => {
    const { session } = this;
    const bar = this.#barUnder(event);
    if (this.#stroke === undefined || session === undefined || bar === undefined) return;
    const { top, height } = (event.target as Element).getBoundingClientRect();
    if (!bar.isSettled) this.#draw(session, bar, this.#stroke(1 - (event.clientY - top) / height));
  };

  readonly #endStroke = (): void => {
    this.#stroke = undefined;
  };

  #draw({ charting }: SessionLike, bar: ShownBar, stroke: DrawnChange): void {
    charting.write((chart) => withDrawn(chart, placesOf(bar, this.whole), stroke));
  }

  #barUnder(event: PointerEvent): ShownBar | undefined {
    const { session, canvas } = this;
    const view = this.#view;
    if (session === undefined || canvas === null || view === undefined) return undefined;
    const { left, width } = canvas.getBoundingClientRect();
    const x = ((event.clientX - left) * canvas.clientWidth) / width;
    const step = view.firstStep + (x - view.left) / view.pixelsPerStep;
    return step < 0 ? undefined : shownBar(sightOf(session), session.metres.barAt(step).index);
  }

  #paint(): void {
    const { session, canvas } = this;
    const view = this.#view;
    if (session === undefined || canvas === null || view === undefined) return;
    const rows = rowsOf(this.#coarse.matches);
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null || this.#size.width === 0) return;
    context.setTransform(this.#size.ratio, 0, 0, this.#size.ratio, 0, 0);
    paintChart(context, {
      ...{ view, rows, brush: this.brush, cursor: this.cursor },
      bars: this.#bars.between(sightOf(session), view.firstStep, view.lastStep),
      timeline: session.timeline(),
    });
  }
}

const sightOf = (session: SessionLike): ChartSight => ({
  ordered: session.charting.ordered,
  drawn: session.state.chart.drawn,
  metres: session.metres,
  committedStep: session.timeline().committedStep,
});

const rowOf = (event: Event): DrawnRow | undefined =>
  (event.target as HTMLElement).dataset.row as DrawnRow | undefined;

/** A bar in words: "bar 12, verse: Am and F". */
function spoken({ index, section, chords }: ShownBar): string {
  const names = [...new Set(chords.map(({ value }) => value ?? "open"))].join(" and ");
  return `bar ${index + 1}${section.value ? `, ${section.value}` : ""}: ${names}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-lane": CadenzaLane;
  }
}
