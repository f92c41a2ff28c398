/**
 * One instrument: who leads, whether it plays, how loud, where, and through what. What cannot be
 * done now stays focusable and says why.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import type { Strip } from "#engine/jam/performance.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { POWER, STAR, STAR_OUTLINE } from "../icons.ts";
import { isOn } from "../is-on.ts";
import { RemarkEvent } from "../remark-event.ts";
import type { MidiPortsLike, SessionLike } from "../surface-model.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";
import { say } from "../wording/say.ts";
import { panText, percent } from "../wording.ts";
import { styles } from "./cadenza-strip.styles.ts";
import { outputFields } from "./output-fields.ts";

/** The fader's place of the kit's own balance. */
const OWN_LEVEL = 0.8;

/**
 * @fires RemarkEvent with the reason where a control does nothing now
 * @property strip what is shown
 * @property leads whether this instrument leads
 * @property drums whether the drums are on (their strip's switch)
 * @property heard false while muted, or while others are soloed
 */
@customElement("cadenza-strip")
export class CadenzaStrip extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) strip: Strip | undefined;
  @property({ type: Boolean }) leads = false;
  @property({ type: Boolean }) drums = false;
  @property({ type: Boolean }) heard = true;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @property({ attribute: false }) ports: MidiPortsState | undefined;
  @query(".meter i") private meter!: HTMLElement | null;

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
        role="group"
        aria-label=${name}
      >
        ${this.#header(strip, name)}
        <div class="body">
          <span class="meter" aria-hidden="true"><i></i></span>
          <input
            class="fader"
            type="range"
            min="0"
            max="1"
            step="0.01"
            .value=${live(String(strip.level))}
            style="--share: ${strip.level}"
            aria-label="${name} level"
            aria-orientation="vertical"
            aria-valuetext=${percent(strip.level)}
            title="Level ${percent(strip.level)}; double click for the kit's own balance"
            @input=${(event: Event) => this.#set({ level: numberOf(event) })}
            @dblclick=${() => this.#set({ level: OWN_LEVEL })}
          />
          <div class="buttons">${this.#buttons(strip, name, on)}</div>
        </div>
        <input
          class="pan"
          type="range"
          min="-1"
          max="1"
          step="0.05"
          .value=${live(String(strip.pan))}
          aria-label="${name} pan"
          aria-valuetext=${panText(strip.pan)}
          title="Pan: ${panText(strip.pan)}; double click for the centre"
          @input=${(event: Event) => this.#set({ pan: numberOf(event) })}
          @dblclick=${() => this.#set({ pan: 0 })}
        />
        ${outputFields({
          name,
          route: strip.route,
          ports: this.ports,
          onRoute: (route) => this.#set({ route }),
          onAsk: () => this.#askForMidi(),
        })}
      </div>
    `;
  }

  #header(strip: Strip, name: string): TemplateResult {
    const canLead = strip.instrument !== DRUMS;
    const reason = canLead ? "" : "The drums accompany: they cannot lead.";
    return html`
      <button
        class="header"
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
    const reason = this.leads ? `${name} leads, so it plays: let another lead first.` : "";
    return html`
      <button
        class="power"
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
        aria-pressed=${strip.soloed}
        aria-label="Solo ${name}"
        title="Solo: only soloed instruments are heard"
        @click=${() => this.#set({ soloed: !strip.soloed })}
      >
        S
      </button>
      <button
        class="mute"
        aria-pressed=${strip.muted}
        aria-label="Mute ${name}"
        title="Mute: it plays on unheard"
        @click=${() => this.#set({ muted: !strip.muted })}
      >
        M
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

  #askForMidi(): void {
    const { midi, ports } = this;
    if (midi === undefined || ports === undefined) {
      this.#explain("MIDI outputs are not available here.");
    } else if (ports.status === "unasked") {
      void midi.request();
    } else {
      this.#explain(
        say(ports.message) || "No MIDI output is connected: plug one in, then choose it here.",
      );
    }
    this.requestUpdate();
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
