/** The part of the route dialog that finds how late a port sounds: the player taps along, and what is found is offered. */
import { html, type TemplateResult } from "lit";
import type { CalibrationState } from "#engine/hardware/calibration.ts";
import { HINTS } from "../wording/hints.ts";

/** What it does. */
interface Calibrating {
  readonly state: CalibrationState;
  readonly start: () => void;
  readonly stop: () => void;
  /** @param time milliseconds on the performance clock */
  readonly tap: (time: number) => void;
  /** The latency found is to be set, milliseconds. */
  readonly take: (latency: number) => void;
}

/** A button, and while it runs the surface that is tapped. */
export function calibrationRow({ state, start, stop, tap, take }: Calibrating): TemplateResult {
  switch (state.phase) {
    case "voice":
    case "port":
      return html`
        <p class="standing" role="status">${HINTS.tapAlong(state.phase, state.clicksLeft)}</p>
        <div class="ends">
          <button class="quiet" @click=${stop}>Give up</button>
          <button
            class="primary tap"
            @pointerdown=${(event: PointerEvent) => tap(event.timeStamp)}
            title="Or the space bar, or a key or pad of your own"
          >
            Tap: ${state.taps}
          </button>
        </div>
      `;
    case "found":
      return html`
        <p class="standing" role="status">${HINTS.latencyFound(state.latency, state.spread)}</p>
        <div class="ends">
          <button class="quiet" @click=${start}>Again</button>
          <button
            class="primary"
            @click=${() => {
              take(state.latency);
              stop();
            }}
          >
            Set it
          </button>
        </div>
      `;
    default:
      return html`
        <p class="standing" role="status" ?hidden=${state.phase === "idle"}>
          ${state.phase === "failed" ? HINTS.latencyNotFound[state.why] : ""}
        </p>
        <button class="ask calibrate" title=${HINTS.calibration} @click=${start}>
          Find it by tapping
        </button>
      `;
  }
}
