/**
 * What a performer goes back to: undo and redo of decisions, scenes that ship, and eight places of one's own. A place
 * that is empty takes the performance as it stands; one that is full brings its own back at the next bar.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { remarkOf } from "#base/failure.ts";
import type { Performance } from "#engine/jam/performance.ts";
import { REDO, UNDO } from "../icons.ts";
import { RemarkEvent } from "../remark-event.ts";
import { RovingFocus } from "../roving-focus.ts";
import type { BanksLike, ScenesLike, SessionLike, SharingLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { styles } from "./cadenza-banks.styles.ts";
import { UndoKey } from "./undo-key.ts";

/**
 * @fires RemarkEvent for what could not be done, and why
 * @property session whose performance is kept and brought back
 * @property banks the places
 * @property scenes what ships; undefined until they are known
 * @property sharing makes links to what was heard
 */
@customElement("cadenza-banks")
export class CadenzaBanks extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) banks: BanksLike | undefined;
  @property({ attribute: false }) scenes: ScenesLike | undefined;
  @property({ attribute: false }) sharing: SharingLike | undefined;
  /** The place that was brought back last, while nothing was moved since. */
  @state() private chosen: Performance | undefined;

  constructor() {
    super();
    new Watch(this, () => this.session);
    new Watch(this, () => this.banks);
    new RovingFocus(this, ".places button");
    new UndoKey(this, (which) => this.#go(which));
  }

  override render(): TemplateResult {
    const { session, banks } = this;
    if (session === undefined || banks === undefined) return html``;
    const { canUndo, canRedo } = session.state;
    return html`
      <section aria-label="Banks">
        <div class="row">
          ${this.#step("undo", "Undo (Ctrl+Z)", UNDO, canUndo)}
          ${this.#step("redo", "Redo (Shift+Ctrl+Z)", REDO, canRedo)}
          ${this.#sceneSelect()}
        </div>
        <div class="places" role="toolbar" aria-label="Banks">
          ${banks.state.map((kept, index) => this.#place(kept, index))}
        </div>
        ${
          this.sharing === undefined
            ? ""
            : html`<button
                class="share"
                title="A link that holds seed, settings, chart and all you did: it plays this performance in another browser"
                @click=${() => this.#share()}
              >
                Copy a link
              </button>`
        }
      </section>
    `;
  }

  #step(
    which: "undo" | "redo",
    title: string,
    icon: TemplateResult,
    possible: boolean,
  ): TemplateResult {
    return html`<button
      class="quiet ${which}"
      data-learn="gesture:${which}"
      aria-label=${title}
      title=${title}
      aria-disabled=${!possible}
      @click=${() => this.#go(which)}
    >
      ${icon}
    </button>`;
  }

  #sceneSelect(): TemplateResult {
    return html`<select
      aria-label="Scene"
      data-learn="scenes"
      title="A manner of playing, from the next bar on"
      .value=${live("")}
      @change=${(event: Event) => this.#playScene((event.target as HTMLSelectElement).value)}
    >
      <option value="">Scene…</option>
      ${this.scenes?.names.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
    </select>`;
  }

  #place(kept: Performance | undefined, index: number): TemplateResult {
    const number = index + 1;
    const title =
      kept === undefined
        ? `Bank ${number} is empty: press to keep the performance as it stands`
        : `Bank ${number}: back at the next bar; with Shift keep what stands now, Delete empties it`;
    return html`<button
      data-learn="bank:${index}"
      ?data-kept=${kept !== undefined}
      aria-label=${kept === undefined ? `Keep in bank ${number}` : `Bring bank ${number} back`}
      aria-pressed=${kept !== undefined && kept === this.chosen}
      title=${title}
      @click=${(event: MouseEvent) => this.#press(index, event.shiftKey)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Delete") this.banks?.keep(index, undefined);
      }}
    >
      ${number}
    </button>`;
  }

  #press(index: number, keeps: boolean): void {
    const { session, banks } = this;
    if (session === undefined || banks === undefined) return;
    const kept = banks.state[index];
    if (kept === undefined || keeps) {
      this.chosen = session.performance;
      banks.keep(index, session.performance);
    } else {
      this.chosen = kept;
      session.bringBack(kept);
    }
  }

  #go(which: "undo" | "redo"): void {
    const { session } = this;
    if (session === undefined) return;
    const { canUndo, canRedo } = session.state;
    if (which === "undo" && !canUndo) this.#tell(HINTS.nothingToUndo);
    else if (which === "redo" && !canRedo) this.#tell(HINTS.nothingToRedo);
    else session[which]();
  }

  #share(): void {
    const { session, sharing } = this;
    if (session === undefined || sharing === undefined) return;
    if (session.timeline().step <= 0) {
      this.#tell(HINTS.nothingToShare);
      return;
    }
    sharing.copyLink().then(
      (where) => this.#tell(HINTS.linkIs[where]),
      (error: unknown) => this.dispatchEvent(new RemarkEvent(remarkOf(error), "error")),
    );
  }

  #playScene(id: string): void {
    const { session, scenes } = this;
    if (id === "" || session === undefined || scenes === undefined) return;
    scenes.performance(id, session.performance).then(
      (performance) => session.bringBack(performance),
      (error: unknown) => this.dispatchEvent(new RemarkEvent(remarkOf(error), "error")),
    );
    this.requestUpdate();
  }

  #tell(hint: string): void {
    this.dispatchEvent(new RemarkEvent(hint, "hint"));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-banks": CadenzaBanks;
  }
}
