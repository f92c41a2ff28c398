/**
 * The machine in one line: what computes, how fast, and how much music is composed ahead. Colour
 * repeats what the words say.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SessionState } from "#engine/jam/session-state.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";
import { percent, secondsText } from "../wording.ts";
import { styles } from "./cadenza-machine.styles.ts";

/** How a person should feel about the machine. */
export type Health = "good" | "warning" | "bad" | "idle";

/** With less than half of what is wanted ahead a slow moment can be heard; below an eighth it will be. Pure. */
export function healthOf(state: SessionState): Health {
  if (state.phase === "failed") return "bad";
  if (state.phase === "loading" || state.backend === undefined) return "idle";
  if (state.phase === "gathering") return "warning";
  if (state.phase !== "playing") return "good";
  const share = state.aheadWanted > 0 ? state.ahead / state.aheadWanted : 1;
  return share >= 0.5 ? "good" : share >= 0.125 ? "warning" : "bad";
}

/** @property session whose machine is shown */
@customElement("cadenza-machine")
export class CadenzaMachine extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: SessionLike | undefined;

  constructor() {
    super();
    new Watch(this, () => this.session);
  }

  override render(): TemplateResult {
    const state = this.session?.state;
    if (state === undefined) return html``;
    const share = Math.min(1, state.aheadWanted > 0 ? state.ahead / state.aheadWanted : 0);
    return html`
      <div class="line ${healthOf(state)}" role="group" aria-label="Machine" title=${about(state)}>
        <span class="dot"></span>
        <span class="backend">${headline(state)}</span>
        ${
          state.phase === "loading" || state.phase === "failed"
            ? this.#loading(state)
            : html`
                <span class="rate">${paceText(state)}</span>
                <span class="ahead">${aheadText(state)}</span>
                <progress aria-label="Music composed ahead" max="1" .value=${share}></progress>
              `
        }
      </div>
    `;
  }

  #loading({ loading }: SessionState): TemplateResult | string {
    if (loading === undefined || loading.totalBytes === 0) return "";
    const share = loading.loadedBytes / loading.totalBytes;
    return html`
      <span class="ahead">weights ${percent(share)}</span>
      <progress aria-label="Weights loaded" max="1" .value=${share}></progress>
    `;
  }
}

/** What computes, by the names that people know. */
const MACHINES: Readonly<Record<string, string>> = { webgpu: "GPU", wasm: "CPU", tfjs: "CPU" };

function headline({ phase, backend }: SessionState): string {
  if (phase === "failed") return "stopped";
  if (backend === undefined) return phase === "loading" ? "loading" : "no backend";
  return MACHINES[backend] ?? backend;
}

/** How fast it composes, against the clock of the music. */
const paceText = ({ realTimeFactor: factor }: SessionState): string =>
  factor > 0 ? `${factor.toFixed(factor < 10 ? 1 : 0)}× real time` : "idle";

/** Little ahead is said, not only coloured. */
const aheadText = (state: SessionState): string => {
  const low = state.phase === "playing" && healthOf(state) !== "good";
  return `${low ? "only " : ""}${secondsText(state.ahead)} ahead`;
};

/** The figures behind the line, and why no faster machine composes. */
function about({ model, backend, rate, escapes, surprise }: SessionState): string {
  if (model === undefined) return "No model is loaded yet";
  const millions = (model.parameters / 1e6).toFixed(1);
  return [
    ...model.reasons.map((reason) => say(reason)),
    HINTS.modelIs(model.id, millions, backend ?? "no backend"),
    ...(rate > 0 ? [HINTS.tokenRate(Math.round(rate))] : []),
    HINTS.whatAheadIs,
    ...(surprise === undefined ? [] : [HINTS.surpriseIs(Math.round(surprise))]),
    ...(escapes > 0 ? [HINTS.ledOutOfRuts(escapes)] : []),
  ].join("\n");
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-machine": CadenzaMachine;
  }
}
