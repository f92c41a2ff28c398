/** What the music is to be like: how daring, who leads, with drums or not, how arranged, in which key, under which rules. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { choiceSelect } from "../choice-select.ts";
import { controlDial } from "../dial/control-dial.ts";
import type { KeyEvent } from "../key/key-event.ts";
import { RovingFocus } from "../roving-focus.ts";
import type {
  BanksLike,
  CueLike,
  HardwareLike,
  MidiPortsLike,
  ScenesLike,
  SessionLike,
  SharingLike,
} from "../surface-model.ts";
import { Watch } from "../watch.ts";
import "../banks/cadenza-banks.ts";
import "../course/cadenza-course.ts";
import "../key/cadenza-key.ts";
import "../hardware/cadenza-hardware.ts";
import "../keys/cadenza-keys.ts";
import { CHOICES, type ChoiceControl, type ChoiceName } from "#engine/compose/choices.ts";
import {
  ARRANGING_CONTROLS,
  GROOVE_CONTROLS,
  type JAM_CONTROLS,
  PLANNING_CONTROLS,
  SAMPLING_CONTROLS,
  SUBTLE_CONTROLS,
} from "#engine/compose/controls.ts";
import { DRUMS, INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { styles } from "./cadenza-shape.styles.ts";

/** In the order of their list. */
const TIME_CHOICES = ["swungNotes", "ramp", "speed", "metronome", "countIn"] as const;

/**
 * @property session whose controls are set
 * @property banks places that keep performances
 * @property scenes manners of playing that ship
 * @property sharing makes links to what was heard
 * @property hardware keyboards and controllers
 * @property cue a second output
 * @property midi the inputs they are plugged in at
 */
@customElement("cadenza-shape")
export class CadenzaShape extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) banks: BanksLike | undefined;
  @property({ attribute: false }) scenes: ScenesLike | undefined;
  @property({ attribute: false }) sharing: SharingLike | undefined;
  @property({ attribute: false }) hardware: HardwareLike | undefined;
  @property({ attribute: false }) cue: CueLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;

  constructor() {
    super();
    new Watch(this, () => this.session);
    new RovingFocus(this, ".ends button");
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const { controls } = session.state;
    return html`
      <cadenza-banks
        .session=${session}
        .banks=${this.banks}
        .scenes=${this.scenes}
        .sharing=${this.sharing}
      ></cadenza-banks>
      <section aria-label="Shape">
        <h2 class="heading">Shape</h2>
        <div class="dials">
          ${this.#dials(SAMPLING_CONTROLS, session)}
        </div>
        <details class="subtle">
          <summary>Rhythm, touch, pitch</summary>
          <div class="dials">${this.#dials(SUBTLE_CONTROLS, session)}</div>
        </details>
      </section>
      <section aria-label="Band">
        <h2 class="heading">Band</h2>
        <label class="choice">
          <span>Lead</span>
          <select
            data-learn="piece:lead"
            .value=${live(String(controls.lead))}
            @change=${(event: Event) =>
              session.setControls({ lead: Number((event.target as HTMLSelectElement).value) })}
          >
            ${LEAD_INSTRUMENTS.map(
              (id) =>
                html`<option value=${id} ?selected=${id === controls.lead}>${INSTRUMENTS[id]}</option>`,
            )}
          </select>
        </label>
        <button
          class="switch"
          data-learn="strip:${DRUMS}:plays"
          role="switch"
          aria-checked=${controls.drums}
          @click=${() => session.setControls({ drums: !controls.drums })}
        >
          Drums
        </button>
      </section>
      <div class="ends" role="toolbar" aria-label="How it ends">
        <button
          class="end"
          data-learn="gesture:ending"
          aria-pressed=${session.state.ending}
          aria-disabled=${session.state.phase !== "playing"}
          title="The next bars bring the piece to its end"
          @click=${() => session.end()}
        >
          Bring to an end
        </button>
        <button
          class="stop"
          data-learn="gesture:stop-at-bar"
          aria-pressed=${session.state.stops}
          aria-disabled=${session.state.phase !== "playing"}
          title="The music stops with the bar (Shift and the space bar); again: it plays on"
          @click=${() => session.leading.stopAtBar()}
        >
          Stop at the bar
        </button>
      </div>
      <details class="course" ?open=${session.state.course.layers.length > 0}>
        <summary><h2 class="heading">Bars</h2></summary>
        <cadenza-course .session=${session} .cue=${this.cue}></cadenza-course>
      </details>
      <details class="arrangement">
        <summary><h2 class="heading">Arrangement</h2></summary>
        ${this.#choice("style", session)} ${this.#choice("morph", session)}
        <div class="dials">${this.#dials(ARRANGING_CONTROLS, session)}</div>
      </details>
      <section aria-label="Key">
        <h2 class="heading">Key</h2>
        <cadenza-key
          wheel
          .value=${live(controls.key)}
          @cadenza-key=${(event: KeyEvent) => session.setControls({ key: event.value })}
        ></cadenza-key>
      </section>
      <details class="timing">
        <summary><h2 class="heading">Time</h2></summary>
        <div class="dials">${this.#dials(GROOVE_CONTROLS, session)}</div>
        ${TIME_CHOICES.map((name) => this.#choice(name, session))}
      </details>
      <details class="playing">
        <summary><h2 class="heading">Play along</h2></summary>
        ${this.#choice("hand", session)} ${this.#choice("company", session)}
        <cadenza-keys .session=${session}></cadenza-keys>
      </details>
      <details class="rules">
        <summary><h2 class="heading">Rules</h2></summary>
        ${this.#choice("chordLock", session)} ${this.#choice("grid", session)}
        ${this.#choice("velocities", session)}
        <div class="dials">${this.#dials(PLANNING_CONTROLS, session)}</div>
      </details>
      <section aria-label="Hardware" ?hidden=${this.hardware === undefined}>
        <h2 class="heading">Hardware</h2>
        <cadenza-hardware .hardware=${this.hardware} .midi=${this.midi}></cadenza-hardware>
      </section>
    `;
  }

  #dials(names: readonly (typeof JAM_CONTROLS)[number][], session: SessionLike): TemplateResult[] {
    const { controls } = session.state;
    return names.map((name) =>
      controlDial(name, controls[name], (change) => session.setControls(change)),
    );
  }

  #choice(name: ChoiceName, session: SessionLike): TemplateResult {
    const { label, hint, options }: ChoiceControl = CHOICES[name];
    const choose = (option: string) => session.setControls({ [name]: option });
    return choiceSelect({ label, hint, options, value: session.state.controls[name], choose });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-shape": CadenzaShape;
  }
}
