/** The part of the route dialog that finds what a machine is like by a microphone, and offers what was found. */
import { html, type TemplateResult } from "lit";
import type { ListeningState } from "#engine/hardware/listening.ts";
import { HINTS } from "../wording/hints.ts";
import { say } from "../wording/say.ts";

/** What it does. */
interface Hearing {
  readonly state: ListeningState;
  readonly start: () => void;
  readonly stop: () => void;
  /** The latency found is to be set, milliseconds. */
  readonly take: (latency: number) => void;
  /** Percussion keys that were not heard are not to be sent any more. */
  readonly leaveOut: (silent: readonly number[]) => void;
}

/** A button, what is heard while it runs, and what was found. */
export function listeningRow({ state, start, stop, take, leaveOut }: Hearing): TemplateResult {
  switch (state.phase) {
    case "asking":
      return standing(HINTS.askingMicrophone, button("Give up", stop));
    case "voice":
    case "port":
    case "keys":
      return standing(HINTS.listensTo(state.phase, state.left), button("Give up", stop));
    case "found": {
      const { latency, spread, louder, keys } = state;
      const silent = keys?.silent ?? [];
      return html`
        ${keys === undefined ? "" : line(HINTS.keysHeard(keys.tried.length, silent.map(String)))}
        ${standing(
          HINTS.machineHeard(latency, spread, louder),
          button("Again", start),
          silent.length === 0 || silent.length === keys?.tried.length
            ? ""
            : button("Leave those keys out", () => leaveOut(silent)),
          html`
            <button
              class="primary"
              @click=${() => {
                take(latency);
                stop();
              }}
            >
              Set it
            </button>
          `,
        )}
      `;
    }
    default:
      return html`
        ${line(whyNot(state))}
        <button class="ask listen" title=${HINTS.listening} @click=${start}>
          Find it with the microphone
        </button>
      `;
  }
}

const whyNot = (state: ListeningState): string | undefined => {
  if (state.phase === "failed") return HINTS.machineNotHeard[state.why];
  return state.phase === "refused" ? say(state.message) : undefined;
};

const line = (text: string | undefined): TemplateResult =>
  html`<p class="standing" role="status" ?hidden=${text === undefined}>${text}</p>`;

const standing = (text: string, ...ends: (TemplateResult | string)[]): TemplateResult =>
  html`${line(text)}<div class="ends">${ends}</div>`;

const button = (text: string, press: () => void): TemplateResult =>
  html`<button class="quiet" @click=${press}>${text}</button>`;
