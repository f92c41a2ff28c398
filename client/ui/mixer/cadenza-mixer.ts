/**
 * The twelve strips side by side, and the one loop that moves their meters. Pointing at a strip, or
 * focusing it, lights its notes on the roll: colours need not be told apart by eye.
 */

import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, query, queryAll } from "lit/decorators.js";
import { audibleStrips } from "#engine/jam/performance.ts";
import { inTheWay } from "#engine/jam/shared-channels.ts";
import { FrameWatch } from "../frames.ts";
import type { CadenzaPart } from "../part/cadenza-part.ts";
import type { PartEvent } from "../part/part-event.ts";
import type { CadenzaRoute } from "../route/cadenza-route.ts";
import type { RouteEvent } from "../route/route-event.ts";
import type { CadenzaStrip } from "../strip/cadenza-strip.ts";
import type {
  CalibrationLike,
  ClockSourceLike,
  ListeningLike,
  MachinesLike,
  MidiPortsLike,
  PortSettingsLike,
  SessionLike,
} from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { styles } from "./cadenza-mixer.styles.ts";
import { SpotlightEvent } from "./spotlight-event.ts";
import "../part/cadenza-part.ts";
import "../route/cadenza-route.ts";
import "../strip/cadenza-strip.ts";

/** A level below this is silence. */
const SILENCE = 0.001;

/**
 * @fires SpotlightEvent when a strip is pointed at, or no longer
 * @property session whose strips are shown
 * @property midi the outputs a strip can be sent to
 * @property portSettings what holds for each of them
 * @property machines what routes can be set up for
 * @property clockSource the clock that the music goes by
 * @property calibration finds how late a port sounds, by taps
 * @property listening finds what a machine is like, by a microphone
 * @property panic ends all sound, here and on all ports
 * @property active false while its view is not on show
 */
@customElement("cadenza-mixer")
export class CadenzaMixer extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;
  @property({ attribute: false }) midi: MidiPortsLike | undefined;
  @property({ attribute: false }) portSettings: PortSettingsLike | undefined;
  @property({ attribute: false }) machines: MachinesLike | undefined;
  @property({ attribute: false }) clockSource: ClockSourceLike | undefined;
  @property({ attribute: false }) calibration: CalibrationLike | undefined;
  @property({ attribute: false }) listening: ListeningLike | undefined;
  @property({ attribute: false }) panic: () => void = () => undefined;
  @property({ type: Boolean }) active = true;
  @query("cadenza-part") private partPanel!: CadenzaPart;
  @query("cadenza-route") private routePanel!: CadenzaRoute;
  @queryAll("cadenza-strip") private strips!: NodeListOf<CadenzaStrip>;

  #sounding = false;

  constructor() {
    super();
    new Watch(this, () => this.session);
    new Watch(this, () => this.midi);
    new FrameWatch(
      this,
      () => this.active && (this.#sounding || this.session?.state.phase === "playing"),
      () => this.#moveMeters(),
    );
  }

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html``;
    const { strips, controls } = session.state;
    const audible = audibleStrips(strips);
    const routes = strips.map(({ route }) => route);
    return html`
      <cadenza-part .session=${session}></cadenza-part>
      <cadenza-route
        .session=${session}
        .midi=${this.midi}
        .portSettings=${this.portSettings}
        .machines=${this.machines}
        .clockSource=${this.clockSource}
        .calibration=${this.calibration}
        .listening=${this.listening}
        .panic=${this.panic}
      ></cadenza-route>
      <div
        class="rack"
        role="group"
        aria-label="Instruments"
        @cadenza-part=${(event: PartEvent) => this.partPanel.show(event.instrument)}
        @cadenza-route=${(event: RouteEvent) => this.routePanel.show(event.instrument)}
      >
        ${strips.map(
          (strip, index) => html`
            <cadenza-strip
              .session=${session}
              .strip=${strip}
              .leads=${controls.lead === strip.instrument}
              .drums=${controls.drums}
              .heard=${audible[index]}
              .crowded=${inTheWay(routes, index) !== undefined}
              .midi=${this.midi}
              .ports=${this.midi?.state}
              @pointerenter=${(event: PointerEvent) =>
                event.pointerType === "mouse" && this.#light(strip.instrument)}
              @pointerleave=${() => this.#light(undefined)}
              @focusin=${(event: FocusEvent) =>
                reachedByKeyboard(event) && this.#light(strip.instrument)}
              @focusout=${() => this.#light(undefined)}
            ></cadenza-strip>
          `,
        )}
      </div>
    `;
  }

  #light(instrument: number | undefined): void {
    this.dispatchEvent(new SpotlightEvent(instrument));
  }

  #moveMeters(): void {
    const { session } = this;
    if (session === undefined) return;
    this.#sounding = false;
    for (const strip of this.strips) {
      const level = session.level(strip.strip!.instrument);
      if (level > SILENCE) this.#sounding = true;
      strip.showLevel(level);
    }
  }
}

const reachedByKeyboard = (event: FocusEvent): boolean =>
  (event.composedPath()[0] as Element).matches(":focus-visible");

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-mixer": CadenzaMixer;
  }
}
