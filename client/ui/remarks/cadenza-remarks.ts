/**
 * Everything that must be told in words: what went wrong, what this browser lacks, why a control
 * does nothing now. Errors interrupt a screen reader, remarks wait; each can be put away, and what
 * was put away stays away until it is said in other words.
 */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { CLOSE } from "../icons.ts";
import type { RemarkTone } from "../remark-event.ts";
import { styles } from "./cadenza-remarks.styles.ts";

/** Milliseconds a hint stays: it answers a touch and is of no use later. */
const HINT_MILLISECONDS = 8000;

/**
 * @property message what a person should know now; empty when all is well
 * @property failed whether that message is a failure
 * @property remarks what holds for longer
 */
@customElement("cadenza-remarks")
export class CadenzaRemarks extends LitElement {
  static override styles = styles;

  @property() message = "";
  @property({ type: Boolean }) failed = false;
  @property({ attribute: false }) remarks: readonly string[] = [];
  @state() private dismissed: ReadonlySet<string> = new Set();
  @state() private told: readonly string[] = [];
  @state() private hint = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    // What was taken back counts as new when it is said again.
    const gone = changed.get("remarks")?.filter((text) => !this.remarks.includes(text)) ?? [];
    if (gone.length > 0)
      this.dismissed = new Set([...this.dismissed].filter((text) => !gone.includes(text)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** Tells something new: a hint replaces the last one and goes by itself, an error stays. */
  tell(text: string, tone: RemarkTone): void {
    if (tone === "error") {
      this.dismissed = new Set([...this.dismissed].filter((known) => known !== text));
      this.told = [...this.told.filter((known) => known !== text), text];
      return;
    }
    this.hint = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.hint = "";
    }, HINT_MILLISECONDS);
  }

  override render(): TemplateResult {
    const current = this.message === "" ? [] : [this.message];
    const errors = [...this.told, ...(this.failed ? current : [])];
    const remarks = [...(this.failed ? [] : current), ...this.remarks];
    return html`
      <div role="alert">${this.#cards(errors, "error")}</div>
      <div role="status">
        ${this.#cards(remarks, "remark")}
        ${this.hint === "" ? "" : html`<p class="card hint">${this.hint}</p>`}
      </div>
    `;
  }

  #cards(texts: readonly string[], kind: string): unknown {
    const shown = [...new Set(texts)].filter((text) => !this.dismissed.has(text));
    return repeat(
      shown,
      (text) => text,
      (text) => html`
        <p class="card ${kind}">
          <span>${text}</span>
          <button class="quiet" aria-label="Put away: ${text}" @click=${() => this.#dismiss(text)}>
            ${CLOSE}
          </button>
        </p>
      `,
    );
  }

  #dismiss(text: string): void {
    this.told = this.told.filter((known) => known !== text);
    this.dismissed = new Set([...this.dismissed, text]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-remarks": CadenzaRemarks;
  }
}
