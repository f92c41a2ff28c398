/**
 * The machine in one line: what computes, how fast, and how much music is composed ahead. Colour
 * repeats what the words say.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SessionState } from "#engine/jam/session-state.ts";
import type { SessionLike } from "../surface-model.ts";
import { Watch } from "../watch.ts";
import { percent, secondsText } from "../wording.ts";
import { styles } from "./cadenza-machine.styles.ts";

/** How a person should feel about the machine. */
export type Health = "good" | "warning" | "bad" | "idle";

/** Below half of the wanted lead a slow moment can be heard; below an eighth it will be. Pure. */
export function healthOf(state: SessionState): Health {
  if (state.phase === "failed") return "bad";
  if (state.phase === "loading" || state.backend === undefined) return "idle";
  if (state.phase === "gathering") return "warning";
  if (state.phase !== "playing") return "good";
  const share = state.leadWanted > 0 ? state.lead / state.leadWanted : 1;
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
    const share = Math.min(1, state.leadWanted > 0 ? state.lead / state.leadWanted : 0);
    return html`
      <div class="line ${healthOf(state)}" role="group" aria-label="Machine" title=${about(state)}>
        <span class="dot"></span>
        <span class="backend">${headline(state)}</span>
        ${
          state.phase === "loading" || state.phase === "failed"
            ? this.#loading(state)
            : html`
                <span class="rate">${state.rate > 0 ? `${Math.round(state.rate)} tok/s` : "idle"}</span>
                <span class="lead">${leadWord(state)} ${secondsText(state.lead)}</span>
                <progress aria-label="Lead: music composed ahead" max="1" .value=${share}></progress>
              `
        }
      </div>
    `;
  }

  #loading({ loading }: SessionState): TemplateResult | string {
    if (loading === undefined || loading.totalBytes === 0) return "";
    const share = loading.loadedBytes / loading.totalBytes;
    return html`
      <span class="lead">weights ${percent(share)}</span>
      <progress aria-label="Weights loaded" max="1" .value=${share}></progress>
    `;
  }
}

function headline(state: SessionState): string {
  if (state.phase === "failed") return "stopped";
  return state.backend ?? (state.phase === "loading" ? "loading" : "no backend");
}

/** Low lead is said, not only coloured. */
const leadWord = (state: SessionState): string =>
  state.phase === "playing" && healthOf(state) !== "good" ? "lead low," : "lead";

function about({ model }: SessionState): string {
  if (model === undefined) return "No model is loaded yet";
  const millions = (model.parameters / 1e6).toFixed(1);
  return `Model ${model.id}, ${millions} million parameters. Lead: seconds of music composed ahead`;
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-machine": CadenzaMachine;
  }
}
