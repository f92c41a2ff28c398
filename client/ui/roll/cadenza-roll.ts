/**
 * The heart of the surface: the music as it runs past, each note where it sounds. What was played is dimmed, what is committed
 * is bright, what is planned stands as outlines, for it may still change. A canvas, because
 * thousands of notes move sixty times a second; its label says the same in words, once a bar.
 */

import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { audibleStrips } from "#engine/jam/performance.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { fitted, NO_SIZE } from "../canvas-size.ts";
import { FrameWatch } from "../frames.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { barAndBeat } from "../wording.ts";
import { paintRoll, stateOf } from "./roll-painter.ts";
import { RollReach } from "./roll-reach.ts";
import { mostWholes, type PitchSpan, RollView, USUAL_SPAN, widen } from "./roll-view.ts";
import { SoundingNotes } from "./sounding-notes.ts";

/** Notes looked at from the newest back when the pitch span is widened. */
const RECENT_NOTES = 256;

/**
 * The rolling piano roll. Fills its box; give it a height.
 * @property session whose notes are shown
 * @property spotlight an instrument whose notes alone stay bright, or undefined
 * @property ghost the index of a future that is pointed at, or undefined
 * @property active false while its view is not on show: then nothing is drawn
 * @property outlook shows more of the bars to come, for the chart under them
 * @property painted is told the geometry of every frame
 * @property paging whole pages instead of scrolling; follows the system's reduced motion
 */
@customElement("cadenza-roll")
export class CadenzaRoll extends LitElement {
  static override styles = css`
    :host {
      display: block;
      box-sizing: border-box;
      position: relative;
      overflow: hidden;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: var(--surface);
    }
    :host([hidden]) {
      display: none;
    }
    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
  `;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) spotlight: Instrument | undefined;
  @property({ attribute: false }) ghost: number | undefined;
  @property({ type: Boolean }) active = true;
  @property({ type: Boolean }) paging = false;
  @property({ type: Boolean }) outlook = false;
  @property({ attribute: false }) painted: (view: RollView) => void = () => undefined;
  @query("canvas") private canvas!: HTMLCanvasElement;

  /** Geometry of the frame on show; undefined before the first. */
  view: RollView | undefined;

  #size = NO_SIZE;
  #span: PitchSpan = USUAL_SPAN;
  #reach = new RollReach();
  readonly #sounding = new SoundingNotes();
  #describedBar = -1;
  readonly #motion = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #resize = new ResizeObserver(() => this.#measure());
  readonly #followMotion = () => {
    this.paging = this.#motion.matches;
  };

  constructor() {
    super();
    new Watch(this, () => this.session);
    new FrameWatch(
      this,
      () => this.active && this.#size.width > 0 && this.session?.state.phase === "playing",
      () => this.#paint(),
    );
    this.paging = this.#motion.matches;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
    this.#motion.addEventListener("change", this.#followMotion);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#motion.removeEventListener("change", this.#followMotion);
  }

  override render(): TemplateResult {
    return html`<canvas role="img" aria-label="Piano roll, empty"></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("session")) {
      this.#span = USUAL_SPAN;
      this.#reach = new RollReach();
      this.#describedBar = -1;
    }
    this.#paint();
  }

  #measure(): void {
    if (!this.hasUpdated) return;
    this.#size = fitted(this.canvas);
    this.requestUpdate();
  }

  #paint(): void {
    const { session } = this;
    const { width, height, ratio } = this.#size;
    if (session === undefined || !this.active || width === 0 || height === 0) return;
    const context = this.canvas.getContext("2d", { alpha: false });
    if (context === null) return;
    this.#widenSpan(session);
    const timeline = session.timeline();
    const { futures, comingStep } = session.state;
    const ends = futures && futures.from + futures.steps;
    const plannedStep = Math.max(timeline.plannedStep, ends ?? 0);
    this.view = new RollView({
      width,
      height,
      step: timeline.step,
      span: this.#span,
      reach: this.#reach.at(
        { ...timeline, plannedStep },
        session.metres,
        mostWholes(width),
        this.outlook,
      ),
      metres: session.metres,
      paging: this.paging,
    });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const audible = audibleStrips(session.state.strips);
    paintRoll(context, {
      view: this.view,
      notes: session.notes,
      soundingOf: (note) => this.#sounding.of(note, session.grooves, session.metres),
      timeline,
      metres: session.metres,
      ahead: session.state.ahead,
      ...{ futures, seen: this.ghost, comingStep },
      audible:
        this.spotlight === undefined ? audible : audible.map((_, id) => id === this.spotlight),
    });
    this.#describe(session);
    this.painted(this.view);
  }

  /** The span only grows while a piece runs, so that lines do not wander under the eye. */
  #widenSpan({ notes }: SessionLike): void {
    if (notes.length === 0) this.#span = USUAL_SPAN;
    let low = 127;
    let high = 0;
    for (let index = Math.max(0, notes.length - RECENT_NOTES); index < notes.length; index++) {
      const { instrument, pitch } = notes[index];
      if (instrument === DRUMS) continue;
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
    if (low <= high) this.#span = widen(this.#span, low, high);
  }

  #describe(session: SessionLike): void {
    const timeline = session.timeline();
    const { bar } = barAndBeat(timeline.step, session.metres);
    if (bar === this.#describedBar) return;
    this.#describedBar = bar;
    const sounding = new Set<string>();
    for (const note of session.notes) {
      if (note.onset > timeline.step) break;
      if (stateOf(note, timeline) === "sounding") sounding.add(INSTRUMENTS[note.instrument]);
    }
    const heard = sounding.size === 0 ? "nothing sounds" : `sounding: ${[...sounding].join(", ")}`;
    this.canvas.setAttribute("aria-label", `Piano roll, bar ${bar}, ${heard}`);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-roll": CadenzaRoll;
  }
}
