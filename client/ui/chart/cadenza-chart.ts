/**
 * The chart lane: the bars to come under the roll, at the roll's own places. A line to type a progression in and to call
 * sections is always there; unfolded, chords, players and curves of density and energy are seen and drawn on.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { failureOf } from "#base/failure.ts";
import type { Recall } from "#engine/jam/mark-desk.ts";
import { withText } from "#music/chart/player-chart.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { RollView } from "../roll/roll-view.ts";
import { RovingFocus } from "../roving-focus.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { styles } from "./cadenza-chart.styles.ts";
import { chartTools } from "./chart-tools.ts";
import { FoldEvent } from "./fold-event.ts";
import "./cadenza-lane.ts";
import type { CadenzaLane } from "./cadenza-lane.ts";

/**
 * @fires FoldEvent when it is to be folded or unfolded
 * @fires RemarkEvent for what could not be done, and why
 * @property session whose chart is shown and written
 * @property open unfolded, with its rows
 */
@customElement("cadenza-chart")
export class CadenzaChart extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ type: Boolean }) open = false;
  /** What is typed and not yet played. */
  @state() private draft: string | undefined;
  @state() private phrase = false;
  @state() private recall: Recall = "once";
  @state() private brush: Instrument = DRUMS;
  @state() private whole = false;
  @query("cadenza-lane") private lane!: CadenzaLane | null;

  constructor() {
    super();
    new Watch(this, () => this.session);
    new RovingFocus(this, ".tools :is(button, select)");
  }

  /** Shows the bars at the places of the roll's newest frame. */
  show(view: RollView): void {
    this.lane?.show(view);
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    return html`
      <section aria-label="Chart">
        <div class="line">
          <button
            class="quiet fold"
            aria-expanded=${this.open}
            title=${this.open ? HINTS.foldChart : HINTS.unfoldChart}
            @click=${() => this.dispatchEvent(new FoldEvent(!this.open))}
          >
            <span class="mark" aria-hidden="true">${this.open ? "▾" : "▸"}</span>Chart
          </button>
          ${this.#field(session)}
          ${chartTools({
            ...{ session, phrase: this.phrase, brush: this.brush, open: this.open },
            whole: this.whole,
            setWhole: (whole) => {
              this.whole = whole;
            },
            recall: this.recall,
            setRecall: (recall) => {
              this.recall = recall;
            },
            cameAnew: (name) => {
              const { whyNoneGiven = HINTS.markOfAnotherMetre(name) } = session.state.model ?? {};
              this.dispatchEvent(new RemarkEvent(whyNoneGiven, "hint"));
            },
            setPhrase: (phrase) => {
              this.phrase = phrase;
            },
            setBrush: (brush) => {
              this.brush = brush;
            },
          })}
        </div>
        ${this.open ? html`<cadenza-lane .session=${session} .brush=${this.brush} .whole=${this.whole}></cadenza-lane>` : ""}
      </section>
    `;
  }

  #field(session: SessionLike): TemplateResult {
    const { draft } = this;
    const { text } = session.state.chart;
    const fault = draft === undefined ? "" : faultOf(session, draft);
    const isNew = draft !== undefined && draft.trim() !== text;
    return html`<div class="field">
      <input
        class="progression"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-label="Progression"
        aria-invalid=${fault !== ""}
        aria-describedby=${isNew ? "why" : nothing}
        placeholder=${HINTS.progressionLike}
        title=${HINTS.progression}
        .value=${live(draft ?? text)}
        @input=${(event: Event) => {
          this.draft = (event.target as HTMLInputElement).value;
        }}
        @change=${() => this.#write()}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter") this.#write();
          if (event.key === "Escape") this.draft = undefined;
        }}
      />
      ${
        isNew
          ? html`<p id="why" class="why" role=${fault === "" ? "status" : "alert"}>
              ${fault || (draft.trim() === "" ? HINTS.progressionErased : HINTS.progressionWaits)}
            </p>`
          : ""
      }
    </div>`;
  }

  /** Takes what is typed; what cannot be read stays in the field with its fault. */
  #write(): void {
    const { session, draft } = this;
    if (session === undefined || draft === undefined || faultOf(session, draft) !== "") return;
    session.charting.write((chart) => withText(chart, draft, session.state.controls.key));
    this.draft = undefined;
  }
}

/** Why a progression cannot be read; empty where it can. */
const faultOf = ({ state }: SessionLike, text: string): string =>
  failureOf(() => withText(state.chart, text, state.controls.key))?.message ?? "";

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-chart": CadenzaChart;
  }
}
