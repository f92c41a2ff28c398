/** What came of the compose form: the tracks, newest as the studio has them, and the way to clear them away. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { StudioLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { count } from "../wording.ts";
import { styles } from "./cadenza-tracks.styles.ts";
import "../track/cadenza-track.ts";

/** @property studio whose tracks are shown */
@customElement("cadenza-tracks")
export class CadenzaTracks extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) studio: StudioLike | undefined;
  /** Whether clearing was asked for once. */
  @state() private clearing = false;

  constructor() {
    super();
    new Watch(this, () => this.studio);
  }

  override render(): TemplateResult {
    const tracks = this.studio?.state.tracks ?? [];
    return html`
      <section aria-label="Tracks">
        <div class="head">
          <h2 class="heading">Tracks</h2>
          ${tracks.length > 0 && !this.studio?.state.busy ? this.#clearButton(tracks.length) : ""}
        </div>
        ${
          tracks.length === 0
            ? html`<p class="empty">${HINTS.noTracks}</p>`
            : html`<ul>
                ${repeat(
                  tracks,
                  ({ name }) => name,
                  (track) => html`<li>
                    <cadenza-track
                      .studio=${this.studio}
                      .track=${track}
                      .listening=${this.studio?.state.listening === track.name}
                    ></cadenza-track>
                  </li>`,
                )}
              </ul>`
        }
      </section>
    `;
  }

  #clearButton(tracks: number): TemplateResult {
    return html`<button
      class="quiet"
      type="button"
      @click=${this.#clear}
      @blur=${() => {
        this.clearing = false;
      }}
    >
      ${this.clearing ? `Really clear ${count(tracks, "track")}?` : "Clear the list"}
    </button>`;
  }

  /** Asked twice: what is cleared is gone from the browser too. */
  #clear(): void {
    if (this.clearing) this.studio?.clear();
    this.clearing = !this.clearing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-tracks": CadenzaTracks;
  }
}
