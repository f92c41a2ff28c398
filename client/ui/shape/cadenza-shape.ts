/** What the music is to be like: how daring, who leads, with drums or not, in which key. */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { controlDial } from "../dial/control-dial.ts";
import type { KeyEvent } from "../key/key-event.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import "../key/cadenza-key.ts";
import { SAMPLING_CONTROLS } from "#engine/compose/controls.ts";
import { INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { styles } from "./cadenza-shape.styles.ts";

/** @property session whose controls are set */
@customElement("cadenza-shape")
export class CadenzaShape extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const { controls } = session.state;
    return html`
      <section aria-label="Shape">
        <h2 class="heading">Shape</h2>
        <div class="dials">
          ${SAMPLING_CONTROLS.map((name) =>
            controlDial(name, controls[name], (change) => session.setControls(change)),
          )}
        </div>
      </section>
      <section aria-label="Band">
        <h2 class="heading">Band</h2>
        <label class="lead">
          <span>Lead</span>
          <select
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
          role="switch"
          aria-checked=${controls.drums}
          @click=${() => session.setControls({ drums: !controls.drums })}
        >
          Drums
        </button>
      </section>
      <section aria-label="Key">
        <h2 class="heading">Key</h2>
        <cadenza-key
          wheel
          .value=${live(controls.key)}
          @cadenza-key=${(event: KeyEvent) => session.setControls({ key: event.value })}
        ></cadenza-key>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-shape": CadenzaShape;
  }
}
