/** One track: how far it is, what it looks like, and what can be done with it. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { remarkOf } from "#base/failure.ts";
import { CHART_MEDIA, chartFileName } from "#engine/compose/compose-request.ts";
import { metresOf } from "#engine/compose/piece-time.ts";
import type { Track } from "#engine/studio/studio-state.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { metreName } from "#music/metre.ts";
import { endOfNotes } from "#music/piece.ts";
import { downloadFile, midiBlob } from "../file-download.ts";
import { FrameWatch } from "../frames.ts";
import { CLOSE, PLAY, STOP } from "../icons.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { AudioFormat, StudioLike } from "../surface-model.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { count, keyText, percent } from "../wording.ts";
import { styles } from "./cadenza-track.styles.ts";
import { paintThumbnail } from "./thumbnail.ts";

/**
 * @fires RemarkEvent where a file could not be made
 * @property studio the track belongs to
 * @property listening whether it is heard now
 */
@customElement("cadenza-track")
export class CadenzaTrack extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) studio: StudioLike | undefined;
  @property({ attribute: false }) track: Track | undefined;
  @property({ type: Boolean }) listening = false;
  @state() private rendering: { readonly format: AudioFormat; readonly share: number } | undefined;
  /** Whether throwing away was asked for once. */
  @state() private leaving = false;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  #painted: Track["notes"] | undefined;
  readonly #resize = new ResizeObserver(() => {
    this.#painted = undefined;
    this.requestUpdate();
  });

  constructor() {
    super();
    new FrameWatch(
      this,
      () => this.listening,
      () => this.#showPosition(),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render(): TemplateResult {
    const { track } = this;
    if (track === undefined) return html``;
    this.style.setProperty("--own", INSTRUMENT_COLOURS[track.request.lead]);
    return html`
      <article class=${track.status} aria-label=${track.name}>
        <div class="line">
          <span class="dot"></span>
          <b>${track.name}</b>
          <span class="about">${aboutOf(track)}</span>
          <span class="status" role="status">${statusOf(track)}</span>
        </div>
        ${track.status === "done" ? this.#result(track) : this.#progress(track)}
      </article>
    `;
  }

  protected override updated(): void {
    const { track, canvas } = this;
    if (track === undefined || canvas === null || track.notes === this.#painted) return;
    this.#painted = track.notes;
    paintThumbnail(
      canvas,
      track.notes,
      metresOf(track.request).barLineFrom(endOfNotes(track.notes)),
    );
  }

  /** Moves the playhead, past Lit: this runs before every frame. */
  #showPosition(): void {
    const step = this.studio?.listeningStep();
    const playhead = this.renderRoot.querySelector<HTMLElement>(".playhead");
    if (this.track === undefined || step === undefined || playhead === null) return;
    const end = metresOf(this.track.request).barLineFrom(endOfNotes(this.track.notes));
    playhead.style.left = `${Math.min(100, (100 * step) / end).toFixed(2)}%`;
  }

  #progress(track: Track): TemplateResult {
    if (track.message !== undefined)
      return html`<p class="message" role="alert">${say(track.message)}</p>`;
    return html`
      <progress aria-label="${track.name} composed" max="1" .value=${track.progress}></progress>
    `;
  }

  #result(track: Track): TemplateResult {
    const bars = metresOf(track.request).barsIn(endOfNotes(track.notes));
    const label = `${count(track.notes.length, "note")} in ${count(bars, "bar")}`;
    return html`
      <div class="picture">
        <canvas role="img" aria-label=${label}></canvas>
        <i class="playhead" ?hidden=${!this.listening}></i>
      </div>
      <div class="buttons">
        <button class="listen" aria-pressed=${this.listening} @click=${this.#listen}>
          ${this.listening ? STOP : PLAY} ${this.listening ? "Stop" : "Listen"}
        </button>
        <button
          class="quiet remove"
          aria-label=${this.leaving ? `Really throw ${track.name} away` : `Throw ${track.name} away`}
          title="Throw away: it is gone from this browser too"
          @click=${() => this.#remove(track)}
          @blur=${() => {
            this.leaving = false;
          }}
        >
          ${this.leaving ? "Really?" : CLOSE}
        </button>
        <span class="gap"></span>
        <button aria-label="Download ${track.name} as MIDI" @click=${this.#saveMidi}>MIDI</button>
        ${this.#chartButton(track)} ${this.#audioButton(track, "mp3")} ${this.#audioButton(track, "wav")}
      </div>
    `;
  }

  #chartButton({ name, chart }: Track): TemplateResult | string {
    if (chart === undefined) return "";
    return html`
      <button
        class="chart"
        aria-label="Download the chart of ${name}"
        title=${HINTS.chartOfTrack}
        @click=${() => downloadFile(chartFileName(name), new Blob([chart], { type: CHART_MEDIA }))}
      >
        Chart
      </button>
    `;
  }

  #audioButton(track: Track, format: AudioFormat): TemplateResult {
    const own = this.rendering?.format === format;
    const name = format.toUpperCase();
    return html`
      <button
        class="audio"
        aria-label="Download ${track.name} as ${name}${own ? ", being rendered" : ""}"
        aria-disabled=${this.rendering !== undefined}
        title=${this.rendering === undefined ? "" : "One file at a time: this one is being rendered"}
        style="--share: ${own ? this.rendering!.share : 0}"
        @click=${() => this.#saveAudio(track, format)}
      >
        ${own ? percent(this.rendering!.share) : name}
      </button>
    `;
  }

  /** Asked twice, since nothing brings it back. */
  #remove({ name }: Track): void {
    if (this.leaving) this.studio?.remove(name);
    this.leaving = !this.leaving;
  }

  #listen(): void {
    if (this.listening) this.studio?.stopListening();
    else this.studio?.listen(this.track!.name);
  }

  #saveMidi(): void {
    const { name, midi } = this.track!;
    if (midi !== undefined) downloadFile(`${name}.mid`, midiBlob(midi));
  }

  async #saveAudio({ name }: Track, format: AudioFormat): Promise<void> {
    if (this.studio === undefined) return;
    if (this.rendering !== undefined) {
      this.dispatchEvent(new RemarkEvent(HINTS.oneFileAtATime, "hint"));
      return;
    }
    this.rendering = { format, share: 0 };
    try {
      const audio = await this.studio.renderAudio(name, format, (share) => {
        this.rendering = { format, share };
      });
      downloadFile(`${name}.${format}`, audio);
    } catch (error) {
      this.dispatchEvent(new RemarkEvent(remarkOf(error), "error"));
    } finally {
      this.rendering = undefined;
    }
  }
}

function aboutOf({ request }: Track): string {
  const { lead, drums, bars, tempo, key, metre } = request;
  const band = `${INSTRUMENTS[lead]}${drums ? " and drums" : ""}`;
  const held = key === undefined ? "" : `, ${keyText(key)}`;
  const length = `${count(bars, "bar")}${metre === undefined ? "" : ` of ${metreName(metre)}`}`;
  return `${band}, ${length}, ${tempo} bpm${held}`;
}

function statusOf(track: Track): string {
  switch (track.status) {
    case "waiting":
      return "waiting";
    case "composing":
      return percent(track.progress);
    case "done":
      return "done";
    case "failed":
      return "failed";
    case "cancelled":
      return "cancelled";
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-track": CadenzaTrack;
  }
}
