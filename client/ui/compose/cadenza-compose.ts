/**
 * Whole tracks instead of an endless jam: what to compose at the left, what came of it at the right.
 * The form checks itself and says what is wrong beside the field.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { remarkOf } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { CHOICES } from "#engine/compose/choices.ts";
import { SAMPLING_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import { INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { DEFAULT_TEMPO } from "#music/units.ts";
import { controlDial } from "../dial/control-dial.ts";
import { DICE } from "../icons.ts";
import type { KeyEvent } from "../key/key-event.ts";
import { metreSelect } from "../metre-select.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { SessionLike, StudioLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { count } from "../wording.ts";
import { styles } from "./cadenza-compose.styles.ts";
import type { PrimeEvent } from "./cadenza-prime.ts";
import { chartField } from "./chart-field.ts";
import { checkDraft, type Draft, type DraftErrors, type NumberField, requestOf } from "./draft.ts";
import { numberField } from "./number-field.ts";
import type { PrimeFile } from "./prime.ts";
import "../key/cadenza-key.ts";
import "./cadenza-prime.ts";
import "./cadenza-tracks.ts";

/** Dice throw seeds that a person can read out. */
const SEED_BOUND = 1_000_000;

/**
 * @fires RemarkEvent for what could not be done, and why
 * @property studio that composes
 * @property jam whose settings the form begins with, and takes again when asked
 * @property blocked why nothing can be composed now, one sentence; empty when it can
 */
@customElement("cadenza-compose")
export class CadenzaCompose extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) studio: StudioLike | undefined;
  @property({ attribute: false }) jam: SessionLike | undefined;
  @property() blocked = "";
  @state() private draft: Draft = {
    lead: 0,
    drums: false,
    bars: "16",
    tracks: "2",
    seed: String(throwDice()),
    tempo: String(DEFAULT_TEMPO),
    metre: COMMON_TIME,
    ...usualValues(SAMPLING_CONTROLS),
    key: undefined,
    prime: undefined,
    chart: "",
    style: CHOICES.style.usual,
  };
  #touched = false;
  @state() private errors: DraftErrors = {};
  @state() private prime: PrimeFile | undefined;

  constructor() {
    super();
    new Watch(this, () => this.studio);
  }

  /** Sets the form as the jam stands: who leads, drums, key, tempo, metre, style and manner. */
  takeFromJam(): void {
    if (this.jam === undefined) return;
    const { lead, drums, key, tempo, metre, style, ...controls } = this.jam.state.controls;
    const manner = Object.fromEntries(SAMPLING_CONTROLS.map((name) => [name, controls[name]]));
    this.#change({
      lead,
      drums,
      key,
      metre,
      style,
      tempo: String(Math.round(tempo * 10) / 10),
      ...manner,
    });
  }

  override render(): TemplateResult {
    return html`
      <form novalidate @submit=${this.#submit} aria-label="What to compose">
        <button
          type="button"
          title="Lead, drums, key, tempo, metre, style and manner as the jam has them now"
          ?hidden=${this.jam === undefined}
          @click=${() => this.takeFromJam()}
        >
          Set as in the jam
        </button>
        ${this.#band()} ${this.#size()} ${this.#manner()}
        ${chartField(this.draft, (change) => this.#change(change))}
        <section>
          <h2 class="heading">Go on from</h2>
          <cadenza-prime .value=${live(this.prime)} @cadenza-prime=${this.#prime}></cadenza-prime>
        </section>
        <div class="actions">
          <button
            class="primary"
            type="submit"
            aria-disabled=${this.#whyNot() !== ""}
            title=${this.#whyNot()}
          >
            Compose ${this.#howMany()}
          </button>
          ${
            this.studio?.state.busy
              ? html`<button type="button" @click=${() => this.studio?.cancel()}>Cancel</button>`
              : ""
          }
        </div>
      </form>
      <cadenza-tracks .studio=${this.studio}></cadenza-tracks>
    `;
  }

  #band(): TemplateResult {
    const { lead, drums } = this.draft;
    return html`
      <section>
        <h2 class="heading">Band</h2>
        <label class="field">
          <span>Lead</span>
          <select
            .value=${live(String(lead))}
            @change=${(event: Event) => this.#change({ lead: Number(textOf(event)) })}
          >
            ${LEAD_INSTRUMENTS.map(
              (id) =>
                html`<option value=${id} ?selected=${id === lead}>${INSTRUMENTS[id]}</option>`,
            )}
          </select>
        </label>
        <button
          class="switch"
          type="button"
          role="switch"
          aria-checked=${drums}
          @click=${() => this.#change({ drums: !drums })}
        >
          Drums
        </button>
      </section>
    `;
  }

  #size(): TemplateResult {
    return html`
      <section class="numbers">
        <h2 class="heading">Size</h2>
        ${this.#number("bars")} ${this.#number("tracks")} ${this.#number("tempo")}
        <div class="field">
          <span>Metre</span>
          ${metreSelect(
            this.draft.metre,
            (metre) => this.#change({ metre }),
            "Of what is composed; what it goes on from keeps its own",
          )}
        </div>
        ${this.#number(
          "seed",
          html`<button
            type="button"
            aria-label="Another seed"
            title="Another seed: the same seed gives the same notes"
            @click=${() => this.#change({ seed: String(throwDice()) })}
          >
            ${DICE}
          </button>`,
        )}
      </section>
    `;
  }

  #number(name: NumberField, beside: TemplateResult | string = ""): TemplateResult {
    return numberField({
      name,
      text: this.draft[name],
      error: this.errors[name] ?? "",
      onText: (text) => this.#change({ [name]: text }),
      beside,
    });
  }

  #manner(): TemplateResult {
    return html`
      <section>
        <h2 class="heading">Manner</h2>
        <div class="manner">
          ${SAMPLING_CONTROLS.map((name) =>
            controlDial(name, this.draft[name], (change) => this.#change(change)),
          )}
          <cadenza-key
            .value=${live(this.draft.key)}
            @cadenza-key=${(event: KeyEvent) => this.#change({ key: event.value })}
          ></cadenza-key>
        </div>
      </section>
    `;
  }

  #howMany(): string {
    const tracks = Number(this.draft.tracks);
    return tracks >= 1 && Number.isInteger(tracks) ? count(tracks, "track") : "";
  }

  /** Why nothing can be composed now; empty when it can. */
  #whyNot(): string {
    if (this.blocked !== "") return this.blocked;
    return this.studio?.state.busy ? HINTS.tracksUnderWay : "";
  }

  /** Called when the form comes into sight: it stands as the jam does until a hand has been on it. */
  follow(): void {
    if (this.#touched) return;
    this.takeFromJam();
    this.#touched = false;
  }

  #change(change: Partial<Draft>): void {
    this.#touched = true;
    this.draft = { ...this.draft, ...change };
    // A field that was wrong is checked as it is typed; one that was not is left in peace.
    const wrong = checkDraft(this.draft);
    const known = Object.keys(this.errors) as (keyof DraftErrors)[];
    this.errors = Object.fromEntries(
      known.flatMap((field) => (wrong[field] === undefined ? [] : [[field, wrong[field]]])),
    );
  }

  #prime({ prime }: PrimeEvent): void {
    this.prime = prime;
    this.#change({
      prime: prime?.music,
      ...(prime === undefined ? {} : { tempo: String(prime.tempo), metre: prime.metre }),
    });
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reason = this.#whyNot();
    if (reason !== "") {
      this.dispatchEvent(new RemarkEvent(reason, "hint"));
      return;
    }
    this.errors = checkDraft(this.draft);
    const [wrong] = Object.keys(this.errors);
    if (wrong === undefined) {
      try {
        this.studio?.compose(requestOf(this.draft));
      } catch (error) {
        this.dispatchEvent(new RemarkEvent(remarkOf(error), "error"));
      }
      return;
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${wrong}`)?.focus();
  }
}

const textOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** A seed nobody chose: it follows from the moment, then everything follows from it. */
function throwDice(): number {
  return new Random(Math.floor(performance.timeOrigin + performance.now() * 1000)).integer(
    SEED_BOUND,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-compose": CadenzaCompose;
  }
}
