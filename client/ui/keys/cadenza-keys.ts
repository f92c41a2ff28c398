/**
 * Keys to play along on: an octave on the screen, more on the computer's keyboard. A key sounds when it goes down; lower on
 * it is louder. One tab stop, arrows from key to key.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { DRUMS, type Instrument, instrumentByName } from "#music/instrument.ts";
import { RovingFocus } from "../roving-focus.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { pitchText } from "../wording.ts";
import { styles } from "./cadenza-keys.styles.ts";
import { ComputerKeys } from "./computer-keys.ts";

/** Keys on the screen, by semitones from C on. */
const SEMITONES = Array.from({ length: 13 }, (_, semitones) => semitones);
const BLACK = new Set([1, 3, 6, 8, 10]);

/** The lowest pitch of the keys: at first, and its bounds. */
const LOWEST = { melodic: 60, drums: 36, least: 24, most: 96 } as const;

/** Velocities: of the computer's keys, and of the screen's from their upper end to the lower. */
const VELOCITY = { computer: 96, soft: 50, loud: 120 } as const;

/** @property session that hears the keys */
@customElement("cadenza-keys")
export class CadenzaKeys extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  /** Octaves from where the keys begin. */
  @state() private octave = 0;
  /** Pitches that are down, by the semitones of their keys, and of which instrument. */
  @state() private down: ReadonlyMap<number, { instrument: Instrument; pitch: number }> = new Map();

  constructor() {
    super();
    new Watch(this, () => this.session);
    new RovingFocus(this, ".piano button");
    new ComputerKeys(this, {
      isOn: () => this.#instrument !== undefined,
      press: (semitones) => this.#press(semitones, VELOCITY.computer),
      release: (semitones) => this.#release(semitones),
      moveOctave: (by) => this.#moveOctave(by),
      releaseAll: () => this.#releaseAll(),
    });
  }

  override render(): TemplateResult {
    if (this.#instrument === undefined) return html``;
    return html`
      <div class="octave">
        <button aria-label="An octave lower" title="An octave lower (Z)" @click=${() => this.#moveOctave(-1)}>
          −
        </button>
        <span>${pitchText(this.#lowest)} to ${pitchText(this.#lowest + 12)}</span>
        <button aria-label="An octave higher" title="An octave higher (X)" @click=${() => this.#moveOctave(1)}>
          +
        </button>
      </div>
      <div class="piano" role="group" aria-label="Keys">${SEMITONES.map((at) => this.#key(at))}</div>
    `;
  }

  get #instrument(): Instrument | undefined {
    return instrumentByName(this.session?.state.controls.hand ?? "");
  }

  get #lowest(): number {
    const first = this.#instrument === DRUMS ? LOWEST.drums : LOWEST.melodic;
    return Math.min(LOWEST.most, Math.max(LOWEST.least, first + 12 * this.octave));
  }

  #key(semitones: number): TemplateResult {
    const black = BLACK.has(semitones);
    const whites = SEMITONES.filter((at) => at < semitones && !BLACK.has(at)).length;
    return html`
      <button
        class=${black ? "black" : "white"}
        style=${black ? `left: ${whites * 12.5 - 4.2}%` : ""}
        aria-label=${pitchText(this.#lowest + semitones)}
        aria-pressed=${this.down.has(semitones)}
        @pointerdown=${(event: PointerEvent) => this.#point(event, semitones)}
        @pointerup=${() => this.#release(semitones)}
        @pointercancel=${() => this.#release(semitones)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter" && !event.repeat) this.#press(semitones, VELOCITY.computer);
        }}
        @keyup=${(event: KeyboardEvent) => event.key === "Enter" && this.#release(semitones)}
        @blur=${() => this.#release(semitones)}
      ></button>
    `;
  }

  #point(event: PointerEvent, semitones: number): void {
    const key = event.currentTarget as HTMLElement;
    // The key is let go wherever the finger leaves the screen.
    if (event.isTrusted) key.setPointerCapture(event.pointerId);
    const { top, height } = key.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientY - top) / height));
    this.#press(semitones, Math.round(VELOCITY.soft + share * (VELOCITY.loud - VELOCITY.soft)));
  }

  #press(semitones: number, velocity: number): void {
    const instrument = this.#instrument;
    if (instrument === undefined) return;
    this.#release(semitones);
    const pitch = this.#lowest + semitones;
    this.session?.keys.press({ instrument, pitch, velocity });
    this.down = new Map([...this.down, [semitones, { instrument, pitch }]]);
  }

  #release(semitones: number): void {
    const key = this.down.get(semitones);
    if (key === undefined) return;
    this.session?.keys.release(key);
    this.down = new Map([...this.down].filter(([at]) => at !== semitones));
  }

  #releaseAll(): void {
    for (const semitones of [...this.down.keys()]) this.#release(semitones);
  }

  #moveOctave(by: number): void {
    const before = this.#lowest;
    this.octave += by;
    if (this.#lowest === before) this.octave -= by;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-keys": CadenzaKeys;
  }
}
