/**
 * A dial: a native range input for screen readers, under an arc that is dragged up and down as on a
 * synthesizer; wheel, keys and typed values as everywhere (turns.ts).
 */
import { html, LitElement, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { settled, turns } from "../turns.ts";
import { numberIn, typedField } from "../typed-field.ts";
import { styles } from "./cadenza-dial.styles.ts";
import { DialEvent } from "./dial-event.ts";

/** Pixels of dragging from one end to the other. */
const TRAVEL = 180;
/** The arc runs from 7:30 to 4:30, 270 degrees. */
const START_ANGLE = -135;
const SWEEP = 270;
const RADIUS = 27;
/** Steps of the dial to an arrow or a notch of the wheel. */
const COARSE = 5;
/** Coarse steps from one end to the other at least. */
const TURNS = 6;
/** What Shift leaves of the way. */
const FINE = 0.2;

/**
 * @fires DialEvent while the value changes
 * @property label what it sets, also its accessible name
 * @property value shown and spoken through `format`
 * @property resetTo where Delete and a double click go; undefined for nowhere
 * @property hint what turning it does, in words
 */
@customElement("cadenza-dial")
export class CadenzaDial extends LitElement {
  static override styles = styles;

  @property() label = "";
  @property() hint = "";
  @property({ type: Number }) min = 0;
  @property({ type: Number }) max = 1;
  @property({ type: Number }) step = 0.01;
  @property({ type: Number }) value = 0;
  @property({ type: Number }) resetTo: number | undefined;
  @property({ attribute: false }) format = (value: number): string =>
    value.toFixed(Number.isInteger(this.step) ? 0 : 2);
  @query("input") private input!: HTMLInputElement;

  /** The first digit of a value that is being typed. */
  @state() private typing: string | undefined;
  #drag: { x: number; y: number; value: number } | undefined;

  override render(): TemplateResult {
    const share = (this.value - this.min) / (this.max - this.min);
    const angle = START_ANGLE + SWEEP * Math.min(1, Math.max(0, share));
    return html`
      <label title=${this.hint}>
        <span
          class="face"
          @pointerdown=${this.#grab}
          @pointermove=${this.#move}
          @pointerup=${this.#drop}
          @pointercancel=${this.#drop}
          ${turns({
            value: this.value,
            min: this.min,
            max: this.max,
            step: Math.max(this.step, Math.min(COARSE * this.step, (this.max - this.min) / TURNS)),
            fine: this.step,
            usual: this.resetTo,
            set: (value) => this.#emit(value),
            type: (first) => {
              this.typing = first;
            },
          })}
        >
          <svg viewBox="0 0 68 68" aria-hidden="true">
            ${svg`
              <path class="track" d=${arc(START_ANGLE, START_ANGLE + SWEEP)} />
              <path class="value" d=${arc(START_ANGLE, angle)} />
              <circle class="knob" cx=${34 + 17 * sine(angle)} cy=${34 - 17 * cosine(angle)} r="2.6" />
            `}
          </svg>
          <output aria-hidden="true">${this.format(this.value)}</output>
          <input
            type="range"
            min=${this.min}
            max=${this.max}
            step=${this.step}
            .value=${live(String(this.value))}
            aria-label=${this.label}
            aria-valuetext=${this.format(this.value)}
            @input=${() => this.#emit(Number(this.input.value))}
          />
        </span>
        <span class="label">${this.label}</span>
      </label>
      ${this.typing === undefined ? "" : this.#typed(this.typing)}
    `;
  }

  #typed(first: string): TemplateResult {
    return typedField({
      label: `${this.label}, ${this.min} to ${this.max}`,
      first,
      text: this.format(this.value),
      parse: numberIn,
      end: (value) => {
        this.typing = undefined;
        if (value !== undefined) this.#emit(value);
        this.input.focus();
      },
    });
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.input.focus({ focusVisible: false } as FocusOptions);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, value: this.value };
  }

  #move(event: PointerEvent): void {
    if (this.#drag === undefined) return;
    const { x, y, value } = this.#drag;
    const pixels = event.clientX - x - (event.clientY - y);
    const way = (pixels / TRAVEL) * (this.max - this.min) * (event.shiftKey ? FINE : 1);
    // Pixel by pixel, so that Shift pressed on the way makes nothing jump.
    const ends = Math.min(this.max, Math.max(this.min, value + way));
    this.#drag = { x: event.clientX, y: event.clientY, value: ends };
    this.#emit(ends);
  }

  #drop(): void {
    this.#drag = undefined;
  }

  #emit(wanted: number): void {
    const value = settled(wanted, { min: this.min, max: this.max, fine: this.step });
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new DialEvent(value));
  }
}

const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

/** SVG path of an arc; degrees clockwise from the top. */
function arc(from: number, to: number): string {
  const point = (angle: number) => `${34 + RADIUS * sine(angle)} ${34 - RADIUS * cosine(angle)}`;
  return `M${point(from)} A${RADIUS} ${RADIUS} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-dial": CadenzaDial;
  }
}
