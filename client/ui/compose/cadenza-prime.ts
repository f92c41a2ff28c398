/** The place to drop or choose a MIDI file that the new tracks go on from. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { describeError } from "#base/failure.ts";
import { metreName } from "#music/metre.ts";
import { CLOSE } from "../icons.ts";
import { HINTS } from "../wording/hints.ts";
import { styles } from "./cadenza-prime.styles.ts";
import { type PrimeFile, readPrime } from "./prime.ts";

/** A file was read, or put away; bubbles. */
export class PrimeEvent extends Event {
  static readonly type = "cadenza-prime";
  readonly prime: PrimeFile | undefined;
  constructor(prime: PrimeFile | undefined) {
    super(PrimeEvent.type, { bubbles: true, composed: true });
    this.prime = prime;
  }
}

/**
 * @fires PrimeEvent
 * @property value the file in force
 */
@customElement("cadenza-prime")
export class CadenzaPrime extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) value: PrimeFile | undefined;
  @state() private error = "";
  @state() private over = false;
  @query("input") private input!: HTMLInputElement;

  override render(): TemplateResult {
    return html`
      <div
        class="zone ${this.over ? "over" : ""}"
        @dragover=${this.#dragOver}
        @dragleave=${() => {
          this.over = false;
        }}
        @drop=${this.#drop}
      >
        <input
          id="file"
          class="visually-hidden"
          type="file"
          accept=".mid,.midi,.kar,.rmi,audio/midi"
          aria-describedby="error"
          @change=${() => this.#read(this.input.files?.[0])}
        />
        ${this.value === undefined ? this.#empty() : this.#filled(this.value)}
      </div>
      <p id="error" class="error" role="alert">${this.error}</p>
    `;
  }

  #empty(): TemplateResult {
    return html`<label for="file"><b>Choose a MIDI file</b> or drop one here</label>`;
  }

  #filled({ name, summary, tempo, metre, remarks }: PrimeFile): TemplateResult {
    return html`
      <div class="file">
        <b>${name}</b>
        <span>${summary}</span>
        <span>${HINTS.primeSets(tempo, metreName(metre))}</span>
        ${remarks.map((remark) => html`<span>${remark}</span>`)}
      </div>
      <label class="visually-hidden" for="file">Choose another MIDI file</label>
      <button
        class="quiet"
        type="button"
        aria-label="Put ${name} away"
        @click=${() => this.#choose(undefined)}
      >
        ${CLOSE}
      </button>
    `;
  }

  /** Beside the zone a file would leave the page for it; a file dropped anywhere is meant for the zone. */
  readonly #keepPage = (event: DragEvent): void => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") void this.#read(event.dataTransfer.files[0]);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.#keepPage);
    addEventListener("drop", this.#keepPage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("dragover", this.#keepPage);
    removeEventListener("drop", this.#keepPage);
  }

  #dragOver(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.#read(event.dataTransfer?.files[0]);
  }

  async #read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    try {
      this.#choose(await readPrime(file));
    } catch (error) {
      this.#choose(undefined);
      this.error = describeError(error);
    }
    // So that the same file, repaired, can be chosen again.
    this.input.value = "";
  }

  #choose(prime: PrimeFile | undefined): void {
    this.error = "";
    this.value = prime;
    this.dispatchEvent(new PrimeEvent(prime));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-prime": CadenzaPrime;
  }
}
