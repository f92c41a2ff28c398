/**
 * The key lock: a switch, a tonic and a scale, and for the hand a circle of fifths. The wheel only
 * repeats what the fields do, so it is hidden from screen readers and the tab order.
 */
import { html, LitElement, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { isMinorScale, type Key, SCALES, TONICS } from "#music/key.ts";
import { styles } from "./cadenza-key.styles.ts";
import { holds, SEGMENTS, type Segment } from "./circle-of-fifths.ts";
import { KeyEvent } from "./key-event.ts";

const FIRST_KEY: Key = { tonic: 0, scale: "major" };

/**
 * @fires KeyEvent when a key is chosen or let go
 * @property value the key in force; undefined for any
 * @property wheel whether the circle of fifths is shown
 */
@customElement("cadenza-key")
export class CadenzaKey extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) value: Key | undefined;
  @property({ type: Boolean }) wheel = false;
  /** The last key in force, shown dimmed while there is none. */
  @state() private remembered: Key = FIRST_KEY;

  protected override willUpdate(): void {
    if (this.value !== undefined) this.remembered = this.value;
  }

  override render(): TemplateResult {
    const locked = this.value !== undefined;
    const { tonic, scale } = this.remembered;
    return html`
      <button
        class="switch"
        role="switch"
        aria-checked=${locked}
        title="While on, melodic instruments keep to the notes of one scale"
        @click=${() => this.#choose(locked ? undefined : this.remembered)}
      >
        Keep to a key
      </button>
      ${this.wheel ? this.#wheel(locked) : ""}
      <div class="fields" ?data-off=${!locked}>
        <select
          aria-label="Tonic"
          .value=${live(String(tonic))}
          @change=${(event: Event) => this.#choose({ tonic: Number(chosenIn(event)), scale })}
        >
          ${TONICS.map(
            (name, id) => html`<option value=${id} ?selected=${id === tonic}>${name}</option>`,
          )}
        </select>
        <select
          aria-label="Scale"
          .value=${live(scale)}
          @change=${(event: Event) => this.#choose({ tonic, scale: chosenIn(event) })}
        >
          ${[...new Set([...Object.keys(SCALES), scale])].map(
            (name) => html`<option value=${name} ?selected=${name === scale}>${name}</option>`,
          )}
        </select>
      </div>
    `;
  }

  #wheel(locked: boolean): TemplateResult {
    return html`
      <svg class="wheel" viewBox="-94 -94 188 188" aria-hidden="true" ?data-off=${!locked}>
        ${SEGMENTS.map((segment) => {
          const chosen = locked && holds(segment, this.remembered);
          return svg`
            <g class=${`${segment.minor ? "minor" : "major"} ${chosen ? "chosen" : ""}`}
               @click=${() => this.#pick(segment, chosen)}>
              <path d=${segment.path} />
              <text x=${segment.x} y=${segment.y}>${segment.label}</text>
            </g>`;
        })}
        ${centre(locked ? this.remembered.scale : "any key")}
      </svg>
    `;
  }

  /** A field takes its tonic, keeping the scale where that fits the ring; a second click lets go. */
  #pick({ tonic, minor }: Segment, chosen: boolean): void {
    const { scale } = this.remembered;
    const fits = isMinorScale(scale) === minor;
    const own = { tonic, scale: fits ? scale : minor ? "minor" : "major" };
    this.#choose(chosen ? undefined : own);
  }

  #choose(value: Key | undefined): void {
    this.value = value;
    this.dispatchEvent(new KeyEvent(value));
  }
}

const chosenIn = (event: Event): string => (event.target as HTMLSelectElement).value;

/** The scale's name, a line a word. */
function centre(text: string): unknown {
  const words = text.split(" ");
  return words.map(
    (word, line) =>
      svg`<text class="centre" y=${(line - (words.length - 1) / 2) * 14}>${word}</text>`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-key": CadenzaKey;
  }
}
