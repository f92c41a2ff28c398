/**
 * One instrument: who leads, whether it plays, how loud, where, and through what. What cannot be
 * done now stays focusable and says why.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import type { Strip } from "#engine/jam/performance.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { sameLimits } from "#music/rules/part.ts";
import { LIMITS, POWER, STAR, STAR_OUTLINE } from "../icons.ts";
import { isOn } from "../is-on.ts";
import { PartEvent } from "../part/part-event.ts";
import { RemarkEvent } from "../remark-event.ts";
import { RouteEvent } from "../route/route-event.ts";
import { RovingFocus } from "../roving-focus.ts";
import type { MidiPortsLike, SessionLike } from "../surface-model.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";
import { turns } from "../turns.ts";
import { numberIn, typedField } from "../typed-field.ts";
import { HINTS } from "../wording/hints.ts";
import { panText, percent } from "../wording.ts";
import { styles } from "./cadenza-strip.styles.ts";
import { outputFields } from "./output-fields.ts";

/** What a strip's two sliders turn: their ends, and the place of the kit's own balance. */
const SLIDERS = {
  level: { min: 0, max: 1, usual: 0.8 },
  pan: { min: -1, max: 1, usual: 0 },
} as const;
type Slider = keyof typeof SLIDERS;
const COARSE = 0.05;
const FINE = 0.01;

const CONTROLS = ".header, .fader, .power, .solo, .mute, .part, .pan, .port, .route";

/**
 * @fires RemarkEvent with the reason where a control does nothing now
 * @fires PartEvent where what it may play is to be shown
 * @fires RouteEvent where its route is to be shown, or why there is no MIDI
 * @property strip what is shown
 * @property leads whether this instrument leads
 * @property drums whether the drums are on (their strip's switch)
 * @property heard false while muted, or while others are soloed
 * @property crowded whether another instrument of its port is in its way
 */
@customElement("cadenza-strip")
export class CadenzaStrip extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) strip: Strip | undefined;
  @property({ type: Boolean }) leads = false;
  @property({ type: Boolean }) drums = false;
  @property({ type: Boolean }) heard = true;
  @property({ type: Boolean }) crowded = false;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @property({ attribute: false }) ports: MidiPortsState | undefined;
  @query(".meter i") private meter!: HTMLElement | null;
  /** The slider whose value is being typed, and the first digit. */
  @state() private typing: { readonly slider: Slider; readonly first: string } | undefined;

  constructor() {
    super();
    new RovingFocus(this, CONTROLS);
  }

  /** Moves the meter, 0-1; called before every frame, so past Lit. */
  showLevel(level: number): void {
    if (this.meter !== null) this.meter.style.transform = `scaleY(${Math.min(1, level)})`;
  }

  override render(): TemplateResult {
    const { strip } = this;
    if (strip === undefined) return html``;
    const name = INSTRUMENTS[strip.instrument];
    const on = isOn(strip, this.drums);
    this.style.setProperty("--own", INSTRUMENT_COLOURS[strip.instrument]);
    return html`
      <div
        class=${classMap({ strip: true, on, leads: this.leads, silent: !this.heard })}
        role="toolbar"
        aria-label=${name}
      >
        ${this.#header(strip, name)}
        <div class="body">
          <span class="meter" aria-hidden="true"><i></i></span>
          <input
            class="fader"
            data-learn="strip:${strip.instrument}:level"
            type="range"
            min=${SLIDERS.level.min}
            max=${SLIDERS.level.max}
            step=${FINE}
            .value=${live(String(strip.level))}
            style="--share: ${strip.level}"
            aria-label="${name} level"
            aria-orientation="vertical"
            aria-valuetext=${percent(strip.level)}
            title="Level ${percent(strip.level)}; double click for the kit's own balance, right click to type"
            @input=${(event: Event) => this.#set({ level: numberOf(event) })}
            ${this.#turns("level", strip.level)}
          />
          <div class="buttons">${this.#buttons(strip, name, on)}</div>
        </div>
        <input
          class="pan"
          data-learn="strip:${strip.instrument}:pan"
          type="range"
          min=${SLIDERS.pan.min}
          max=${SLIDERS.pan.max}
          step=${FINE}
          .value=${live(String(strip.pan))}
          aria-label="${name} pan"
          aria-valuetext=${panText(strip.pan)}
          title="Pan: ${panText(strip.pan)}; double click for the centre, right click to type"
          @input=${(event: Event) => this.#set({ pan: numberOf(event) })}
          ${this.#turns("pan", strip.pan)}
        />
        ${outputFields({
          instrument: strip.instrument,
          name,
          route: strip.route,
          crowded: this.crowded,
          ports: this.ports,
          onRoute: (route) => this.#set({ route }),
          onAsk: () => this.#askForMidi(),
          onDetails: () => this.#showRoute(),
        })}
        ${this.typing === undefined ? "" : this.#typed(this.typing, strip, name)}
      </div>
    `;
  }

  #turns(slider: Slider, value: number) {
    return turns({
      ...SLIDERS[slider],
      value,
      step: COARSE,
      fine: FINE,
      set: (turned) => this.#set({ [slider]: turned }),
      type: (first) => {
        this.typing = { slider, first };
      },
    });
  }

  /** Level and pan are typed in hundredths, as they are shown. */
  #typed(typing: { slider: Slider; first: string }, strip: Strip, name: string): TemplateResult {
    const { slider, first } = typing;
    const { min, max } = SLIDERS[slider];
    return typedField({
      label: `${name} ${slider} in per cent, ${100 * min} to ${100 * max}`,
      first,
      text: String(Math.round(strip[slider] * 100)),
      parse: numberIn,
      end: (value) => {
        this.typing = undefined;
        if (value !== undefined) {
          this.#set({ [slider]: Math.min(max, Math.max(min, Math.round(value) / 100)) });
        }
        this.renderRoot.querySelector<HTMLElement>(slider === "level" ? ".fader" : ".pan")?.focus();
      },
    });
  }

  #header(strip: Strip, name: string): TemplateResult {
    const canLead = strip.instrument !== DRUMS;
    const reason = canLead ? "" : HINTS.drumsCannotLead;
    return html`
      <button
        class="header"
        data-learn="strip:${strip.instrument}:lead"
        aria-pressed=${canLead ? String(this.leads) : "false"}
        aria-disabled=${!canLead}
        aria-label=${canLead ? `${name} leads` : name}
        title=${reason || (this.leads ? `${name} leads` : `Let ${name} lead`)}
        @click=${() => {
          if (!canLead) this.#explain(reason);
          else if (!this.leads) this.session?.setControls({ lead: strip.instrument });
        }}
      >
        <span>${name}</span>
        ${canLead ? (this.leads ? STAR : STAR_OUTLINE) : ""}
      </button>
    `;
  }

  #buttons(strip: Strip, name: string, on: boolean): TemplateResult {
    const reason = this.leads ? HINTS.leadPlays(name) : "";
    return html`
      <button
        class="power"
        data-learn="strip:${strip.instrument}:plays"
        role="switch"
        aria-checked=${on}
        aria-disabled=${reason !== ""}
        aria-label="${name} plays"
        title=${reason || (on ? "The model may give it notes" : "Off: the model gives it no notes")}
        @click=${() => (reason === "" ? this.#switch(strip, !on) : this.#explain(reason))}
      >
        ${POWER}
      </button>
      <button
        class="solo"
        data-learn="strip:${strip.instrument}:soloed"
        aria-pressed=${strip.soloed}
        aria-label="Solo ${name}"
        title="Solo: only soloed instruments are heard"
        @click=${() => this.#set({ soloed: !strip.soloed })}
      >
        S
      </button>
      <button
        class="mute"
        data-learn="strip:${strip.instrument}:muted"
        aria-pressed=${strip.muted}
        aria-label="Mute ${name}"
        title="Mute: it plays on unheard"
        @click=${() => this.#set({ muted: !strip.muted })}
      >
        M
      </button>
      <button
        class="part"
        aria-haspopup="dialog"
        aria-pressed=${strip.pitches !== "all" || strip.velocities !== "band" || !sameLimits(strip.limits, {})}
        aria-label="What ${name} may play"
        title="Register, notes at once, density, loudness"
        @click=${() => this.dispatchEvent(new PartEvent(strip.instrument))}
      >
        ${LIMITS}
      </button>
    `;
  }

  #switch(strip: Strip, on: boolean): void {
    if (strip.instrument === DRUMS) this.session?.setControls({ drums: on });
    else this.#set({ enabled: on });
  }

  #set(change: Partial<Strip>): void {
    this.session?.setStrip(this.strip!.instrument, change);
  }

  /** Asks, again where it was refused before; what stands in the way is said where routes are set. */
  async #askForMidi(): Promise<void> {
    const { midi } = this;
    this.requestUpdate(); // the field goes back to what holds
    await midi?.request();
    if (midi?.state.status !== "granted" || midi.state.outputs.length === 0) this.#showRoute();
  }

  #showRoute(): void {
    this.dispatchEvent(new RouteEvent(this.strip!.instrument));
  }

  #explain(reason: string): void {
    this.dispatchEvent(new RemarkEvent(reason, "hint"));
  }
}

const numberOf = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-strip": CadenzaStrip;
  }
}
