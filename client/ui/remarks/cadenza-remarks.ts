/**
 * The one place for everything that must be told in words: what went wrong, what this browser lacks,
 * why a control does nothing now. One line in the page's head, outside all controls: what matters
 * most, and how much more there is; it opens into the list. Errors interrupt a screen reader, the rest
 * waits. What was put away stays away, after a reload too, until it is taken back and said again.
 */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { type Remark, remarkKey, sameRemark } from "#base/remark.ts";
import { CLOSE } from "../icons.ts";
import type { RemarkTone } from "../remark-event.ts";
import type { Kept } from "../surface-model.ts";
import { say } from "../wording/say.ts";
import { count } from "../wording.ts";
import { styles } from "./cadenza-remarks.styles.ts";

/** Milliseconds a hint stays: it answers a touch and is of no use later. */
const HINT_MILLISECONDS = 8000;

/** Remarks put away that are remembered; the oldest are forgotten first. */
const MOST_REMEMBERED = 50;

interface Item {
  /** The remark's, by which it is known: its sentence may change. */
  readonly key: string;
  readonly text: string;
  readonly tone: "error" | "hint" | "remark";
}

/**
 * @property message what a person should know now; undefined when all is well
 * @property failed whether that message is a failure
 * @property remarks what holds for longer
 * @property memory where the keys of the remarks put away are kept, if anywhere
 */
@customElement("cadenza-remarks")
export class CadenzaRemarks extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) message: Remark | undefined;
  @property({ type: Boolean }) failed = false;
  @property({ attribute: false }) remarks: readonly Remark[] = [];
  @property({ attribute: false }) memory: Kept<readonly string[]> | undefined;
  @state() private dismissed: ReadonlySet<string> = new Set();
  @state() private told: readonly Remark[] = [];
  @state() private hint: Remark | undefined;
  @state() private open = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("memory")) {
      this.dismissed = new Set([...this.dismissed, ...(this.memory?.read() ?? [])]);
    }
    // What was taken back counts as new when it is said again.
    const still = this.remarks.map(remarkKey);
    const gone =
      changed
        .get("remarks")
        ?.map(remarkKey)
        .filter((key) => !still.includes(key)) ?? [];
    if (gone.some((key) => this.dismissed.has(key))) {
      this.#remember([...this.dismissed].filter((key) => !gone.includes(key)));
    }
    if (this.open && this.#items().length === 0) this.open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** Tells something new: a hint replaces the last one and goes by itself, an error stays. */
  tell(remark: Remark, tone: RemarkTone): void {
    if (tone === "error") {
      const key = remarkKey(remark);
      this.dismissed = new Set([...this.dismissed].filter((known) => known !== key));
      this.told = [...this.told.filter((known) => !sameRemark(known, remark)), remark];
      return;
    }
    this.hint = remark;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.hint = undefined;
    }, HINT_MILLISECONDS);
  }

  override render(): TemplateResult {
    const items = this.#items();
    const spoken = (errors: boolean) =>
      items.filter(({ tone }) => (tone === "error") === errors).map(({ text }) => text);
    return html`
      <div class="visually-hidden" role="alert">${sentences(spoken(true))}</div>
      <div class="visually-hidden" role="status">${sentences(spoken(false))}</div>
      ${items.length === 0 ? "" : this.#line(items)}
      ${this.open ? this.#list(items) : ""}
    `;
  }

  #line([first, ...more]: readonly Item[]): TemplateResult {
    const rest = more.length === 0 ? "" : `and ${more.length} more`;
    return html`
      <div class="line ${first.tone}">
        <button
          class="quiet headline"
          aria-expanded=${this.open}
          aria-label="${first.text} ${rest} Show all of ${count(more.length + 1, "remark")}"
          title=${first.text}
          @click=${() => {
            this.open = !this.open;
          }}
        >
          <span class="text">${first.text}</span>
          ${more.length === 0 ? "" : html`<span class="more">+${more.length}</span>`}
        </button>
        ${this.open ? "" : this.#away(first)}
      </div>
    `;
  }

  #list(items: readonly Item[]): TemplateResult {
    return html`
      <ul aria-label="Remarks" @keydown=${this.#close}>
        ${repeat(
          items,
          ({ key }) => key,
          (item) => html`
            <li class=${item.tone}><span>${item.text}</span>${this.#away(item)}</li>
          `,
        )}
      </ul>
    `;
  }

  #away({ key, text }: Item): TemplateResult {
    return html`
      <button
        class="quiet away"
        aria-label="Put away: ${text}"
        title="Put away"
        @click=${() => this.#dismiss(key)}
      >
        ${CLOSE}
      </button>
    `;
  }

  /** What is to be told, the most urgent first, each once. */
  #items(): Item[] {
    const current = this.message === undefined ? [] : [this.message];
    const errors = [...this.told].reverse().concat(this.failed ? current : []);
    const remarks = [...(this.failed ? [] : current), ...this.remarks];
    const items = [
      ...(this.hint === undefined ? [] : [itemOf(this.hint, "hint")]),
      ...errors.map((remark) => itemOf(remark, "error")),
      ...remarks.map((remark) => itemOf(remark, "remark")),
    ];
    return items.filter(
      ({ key }, index) =>
        !this.dismissed.has(key) && items.findIndex((item) => item.key === key) === index,
    );
  }

  #close(event: KeyboardEvent): void {
    if (event.key === "Escape") this.open = false;
  }

  #dismiss(key: string): void {
    if (this.hint !== undefined && key === remarkKey(this.hint)) {
      this.hint = undefined;
      return;
    }
    this.told = this.told.filter((known) => remarkKey(known) !== key);
    this.#remember([...this.dismissed, key]);
  }

  #remember(dismissed: readonly string[]): void {
    const kept = dismissed.slice(-MOST_REMEMBERED);
    this.dismissed = new Set(kept);
    this.memory?.write(kept);
  }
}

const itemOf = (remark: Remark, tone: Item["tone"]): Item => ({
  key: remarkKey(remark),
  text: say(remark),
  tone,
});

const sentences = (texts: readonly string[]): TemplateResult[] =>
  texts.map((text) => html`<p>${text}</p>`);

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-remarks": CadenzaRemarks;
  }
}
