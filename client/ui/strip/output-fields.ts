/** Where a strip's notes go: the page's own voice, or a MIDI port and channel. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import { type Route, toPort } from "#engine/jam/route.ts";
import type { Instrument } from "#music/instrument.ts";

const VOICE = "voice";
const ASK = "ask";
const PORT = "port:";

interface OutputFields {
  readonly instrument: Instrument;
  /** The instrument, for the accessible names. */
  readonly name: string;
  readonly route: Route;
  /** Another instrument of its port is in its way. */
  readonly crowded: boolean;
  readonly ports: MidiPortsState | undefined;
  readonly onRoute: (route: Route) => void;
  /** The entry that leads to MIDI, or explains why there is none, was chosen. */
  readonly onAsk: () => void;
  /** All that a route may say is to be shown. */
  readonly onDetails: () => void;
}

/** The output, and for a port its channel, which leads to the rest of the route. */
export function outputFields(fields: OutputFields): TemplateResult {
  const { instrument, name, route, ports, crowded } = fields;
  const outputs = ports?.status === "granted" ? ports.outputs : [];
  const value = route.kind === "voice" ? VOICE : PORT + route.port;
  const lost = route.kind === "midi" && !outputs.some((output) => output.name === route.port);
  const channel = route.kind === "midi" ? route.channel : 0;
  const title = lost ? lostTitle(route.port, ports) : `Output: ${outputName(route)}`;
  const choose = (event: Event) => {
    const chosen = (event.target as HTMLSelectElement).value;
    if (chosen === ASK) fields.onAsk();
    else if (chosen === VOICE) fields.onRoute({ kind: "voice" });
    else fields.onRoute(toPort(instrument, route, chosen.slice(PORT.length)));
  };
  return html`
    <div class="output" ?data-midi=${route.kind === "midi"}>
      <select
        class="port"
        aria-label="${name} output"
        title=${title}
        .value=${live(value)}
        @change=${choose}
      >
        <option value=${VOICE} ?selected=${value === VOICE}>voice</option>
        ${outputs.map(({ name }) => {
          const own = PORT + name;
          return html`<option value=${own} ?selected=${value === own}>${name}</option>`;
        })}
        ${lost ? html`<option value=${value} selected>${route.port} (away)</option>` : ""}
        ${outputs.length > 0 ? "" : html`<option value=${ASK}>${askText(ports)}</option>`}
      </select>
      <button
        class="route"
        ?data-crowded=${crowded}
        aria-haspopup="dialog"
        aria-label="${name} route, channel ${channel + 1}${crowded ? ", which another wants, too" : ""}"
        title="Channel ${channel + 1}${crowded ? ", which another instrument wants, too" : ""}; program, transposition, range and more"
        ?hidden=${route.kind !== "midi"}
        @click=${fields.onDetails}
      >
        ${channel + 1}${crowded ? "!" : ""}
      </button>
    </div>
  `;
}

const outputName = (route: Route): string =>
  route.kind === "midi" ? route.port : "the page's own voice";

function lostTitle(port: string, ports: MidiPortsState | undefined): string {
  return ports?.status === "granted"
    ? `${port} is not connected: it is played again when it is plugged in`
    : `${port} is played once MIDI is allowed: choose "${askText(ports)}", or press Play`;
}

function askText(ports: MidiPortsState | undefined): string {
  switch (ports?.status) {
    case "unasked":
      return "MIDI: connect…";
    case "asking":
      return "MIDI: asking…";
    case "granted":
      return "MIDI: no output";
    case "refused":
      return "MIDI: ask again…";
    default:
      return "MIDI: why not?";
  }
}
