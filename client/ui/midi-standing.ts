/** What stands in the way of MIDI, and the way to ask for it, wherever a dialog has to do with ports. */
import { html, type TemplateResult } from "lit";
import type { MidiPortsLike } from "./surface-model.ts";
import { HINTS } from "./wording/hints.ts";
import { say } from "./wording/say.ts";

/** What is said where a dialog's kind of port is nowhere connected. */
const NONE = { inputs: HINTS.noMidiInput, outputs: HINTS.noMidiOutput } as const;

/** Nothing where MIDI is allowed and there is a port. @param kind of the ports that the dialog is about */
export function midiStanding(
  midi: MidiPortsLike | undefined,
  kind: keyof typeof NONE,
): TemplateResult | string {
  if (midi === undefined) return html`<p class="standing" role="status">${HINTS.noMidiHere}</p>`;
  const { status, message, [kind]: ports } = midi.state;
  if (status === "granted" && ports.length > 0) return "";
  const told = say(message) || (status === "granted" ? NONE[kind] : HINTS.midiUnasked);
  return html`
    <p class="standing" role="status">${told}</p>
    <button
      class="ask"
      ?hidden=${status === "granted" || status === "missing"}
      aria-disabled=${status === "asking"}
      @click=${() => midi.request()}
    >
      ${status === "refused" ? "Ask again" : "Ask for MIDI"}
    </button>
  `;
}
