/**
 * The whole surface: transport above, the roll as the heart and its chart, shape at the left, twelve strips
 * below, and beside the jam the view that composes whole tracks. It holds no music: everything
 * comes from a session, a studio and the MIDI outputs.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { type Remark, sentence } from "#base/remark.ts";
import type { Instrument } from "#music/instrument.ts";
import type { CadenzaChart } from "../chart/cadenza-chart.ts";
import type { FoldEvent } from "../chart/fold-event.ts";
import type { GhostEvent } from "../course/ghost-event.ts";
import type { SpotlightEvent } from "../mixer/spotlight-event.ts";
import type { RemarkEvent } from "../remark-event.ts";
import type { CadenzaRemarks } from "../remarks/cadenza-remarks.ts";
import type { RollView } from "../roll/roll-view.ts";
import type {
  BanksLike,
  ClockSourceLike,
  CueLike,
  HardwareLike,
  Kept,
  MachinesLike,
  MidiPortsLike,
  PortSettingsLike,
  ScenesLike,
  SessionLike,
  SharingLike,
  StudioLike,
} from "../surface-model.ts";
import { installTheme } from "../theme.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { styles } from "./cadenza-app.styles.ts";
import "../chart/cadenza-chart.ts";
import "../compose/cadenza-compose.ts";
import "../machine/cadenza-machine.ts";
import "../mixer/cadenza-mixer.ts";
import "../remarks/cadenza-remarks.ts";
import "../roll/cadenza-roll.ts";
import "../shape/cadenza-shape.ts";
import "../shortcuts/cadenza-shortcuts.ts";
import "../transport/cadenza-transport.ts";
import "../waiting/cadenza-waiting.ts";

/** The views, in the order of their tabs. */
const VIEWS = ["Jam", "Compose"] as const;
type View = (typeof VIEWS)[number];

/** Screens on which the chart is unfolded unasked: the roll keeps its height there. */
const ROOMY = "(min-width: 721px) and (min-height: 840px)";

/**
 * @property session the live band; until it is set the page says that it starts
 * @property studio composes whole tracks
 * @property midi the outputs strips can be sent to
 * @property portSettings what holds for each of them
 * @property machines what routes can be set up for
 * @property clockSource the clock that the music goes by
 * @property hardware keyboards and controllers
 * @property panic ends all sound, here and on all ports
 * @property cue a second output
 * @property banks places that keep performances
 * @property scenes manners of playing that ship
 * @property sharing makes links to what was heard
 * @property putAway keeps which remarks were put away
 * @property failure why the page cannot be used as it should, one sentence with the remedy
 */
@customElement("cadenza-app")
export class CadenzaApp extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) studio: StudioLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @property({ attribute: false }) portSettings: PortSettingsLike | undefined;
  @property({ attribute: false }) machines: MachinesLike | undefined;
  @property({ attribute: false }) clockSource: ClockSourceLike | undefined;
  @property({ attribute: false }) hardware: HardwareLike | undefined;
  @property({ attribute: false }) panic: () => void = () => undefined;
  @property({ attribute: false }) cue: CueLike | undefined;
  @property({ attribute: false }) banks: BanksLike | undefined;
  @property({ attribute: false }) scenes: ScenesLike | undefined;
  @property({ attribute: false }) sharing: SharingLike | undefined;
  @property({ attribute: false }) putAway: Kept<readonly string[]> | undefined;
  @property() failure = "";
  @state() private view: View = "Jam";
  @state() private unfolded = matchMedia(ROOMY).matches;
  @state() private spotlight: Instrument | undefined;
  @state() private ghost: number | undefined;
  @query("cadenza-remarks") private remarks!: CadenzaRemarks;
  @query("cadenza-chart") private chart: CadenzaChart | undefined;

  readonly #showChart = (view: RollView) => this.chart?.show(view);

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    installTheme(this.ownerDocument);
  }

  override render(): TemplateResult {
    const { session } = this;
    const state = session?.state;
    return html`
      <div
        class=${classMap({ page: true, tall: this.unfolded && this.view === "Jam" })}
        @cadenza-remark=${(event: RemarkEvent) => this.remarks.tell(event.remark, event.tone)}
        @cadenza-spotlight=${(event: SpotlightEvent) => {
          this.spotlight = event.instrument;
        }}
        @cadenza-ghost=${(event: GhostEvent) => {
          this.ghost = event.index;
        }}
      >
        <header>
          <div class="brand"><h1>cadenza</h1>${this.#tabs()}<cadenza-shortcuts></cadenza-shortcuts></div>
          <cadenza-transport
            .session=${session}
            .studio=${this.studio}
            .panic=${this.panic}
          ></cadenza-transport>
          <cadenza-machine .session=${session}></cadenza-machine>
          <cadenza-remarks
            .message=${this.#message()}
            .failed=${this.failure !== "" || state?.phase === "failed"}
            .remarks=${state?.remarks ?? []}
            .memory=${this.putAway}
          ></cadenza-remarks>
        </header>
        <main>
          ${session === undefined ? this.#starting() : ""}
          ${this.#jam()} ${this.#compose()}
        </main>
      </div>
    `;
  }

  #tabs(): TemplateResult {
    return html`
      <div class="tabs" role="tablist" aria-label="View" @keydown=${this.#moveTab}>
        ${VIEWS.map(
          (view) => html`
            <button
              id="tab-${view}"
              role="tab"
              aria-selected=${this.view === view}
              aria-controls="view-${view}"
              tabindex=${this.view === view ? 0 : -1}
              @click=${() => this.#show(view)}
            >
              ${view}
            </button>
          `,
        )}
      </div>
    `;
  }

  #starting(): TemplateResult {
    return html`
      <p class="starting" role=${this.failure === "" ? "status" : "alert"}>
        ${this.failure === "" ? "Starting…" : this.failure}
      </p>
    `;
  }

  #jam(): TemplateResult {
    const { session } = this;
    const on = this.view === "Jam" && session !== undefined;
    return html`
      <div id="view-Jam" class="jam" role="tabpanel" aria-labelledby="tab-Jam" ?hidden=${!on}>
        <cadenza-shape
          .session=${session}
          .banks=${this.banks}
          .scenes=${this.scenes}
          .sharing=${this.sharing}
          .hardware=${this.hardware}
          .midi=${this.midi}
          .cue=${this.cue}
        ></cadenza-shape>
        <div class="heart">
          <cadenza-roll
            .session=${session}
            .active=${on}
            .spotlight=${this.spotlight}
            .ghost=${this.ghost}
            .outlook=${this.unfolded}
            .painted=${this.#showChart}
          ></cadenza-roll>
          <cadenza-waiting .session=${session}></cadenza-waiting>
        </div>
        <cadenza-chart
          .session=${session}
          .open=${this.unfolded}
          @cadenza-fold=${(event: FoldEvent) => {
            this.unfolded = event.open;
          }}
        ></cadenza-chart>
        <cadenza-mixer
          .session=${session}
          .midi=${this.midi}
          .portSettings=${this.portSettings}
          .machines=${this.machines}
          .clockSource=${this.clockSource}
          .calibration=${this.hardware?.calibration}
          .listening=${this.hardware?.listening}
          .panic=${this.panic}
          .active=${on}
        ></cadenza-mixer>
      </div>
    `;
  }

  #compose(): TemplateResult {
    const on = this.view === "Compose" && this.session !== undefined;
    return html`
      <div
        id="view-Compose"
        class="compose"
        role="tabpanel"
        aria-labelledby="tab-Compose"
        ?hidden=${!on}
      >
        <cadenza-compose .studio=${this.studio} .jam=${this.session} .blocked=${this.#blocked()}></cadenza-compose>
      </div>
    `;
  }

  /** In the jam what is waited for and what failed stand over the roll already. */
  #message(): Remark | undefined {
    const state = this.session?.state;
    if (state === undefined) return undefined;
    if (this.failure !== "") return sentence(this.failure);
    const overTheRoll = state.phase === "failed" || state.phase === "gathering";
    return overTheRoll && this.view === "Jam" ? undefined : state.message;
  }

  /** Why nothing can be composed now; empty when it can. */
  #blocked(): string {
    if (this.studio === undefined) return HINTS.composingNotReady;
    const state = this.session?.state;
    if (state?.phase === "loading") return HINTS.composingAfterLoading;
    return state?.phase === "failed" ? say(state.message) : "";
  }

  #show(view: View): void {
    this.view = view;
    if (view === "Compose") this.renderRoot.querySelector("cadenza-compose")?.follow();
  }

  async #moveTab(event: KeyboardEvent): Promise<void> {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#show(VIEWS[(VIEWS.indexOf(this.view) + by + VIEWS.length) % VIEWS.length]);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${this.view}`)?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-app": CadenzaApp;
  }
}
