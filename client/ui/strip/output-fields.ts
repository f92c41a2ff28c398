/** Where a strip's notes go: the page's own voice, or a MIDI port and channel. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import { midiRoute, type Route } from "#engine/jam/route.ts";
import type { Instrument } from "#music/instrument.ts";

const VOICE = "voice";
const ASK = "ask";
const PORT = "port:";
const CHANNELS = Array.from({ length: 16 }, (_, channel) => channel);

interface OutputFields {
  readonly instrument: Instrument;
  /** The instrument, for the accessible names. */
  readonly name: string;
  readonly route: Route;
  readonly ports: MidiPortsState | undefined;
  readonly onRoute: (route: Route) => void;
  /** The entry that leads to MIDI, or explains why there is none, was chosen. */
  readonly onAsk: () => void;
}

/** The two fields; the channel keeps its place while it does not apply, so nothing jumps. */
export function outputFields(fields: OutputFields): TemplateResult {
  const { instrument, name, route, ports } = fields;
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
      <select
        class="channel"
        aria-label="${name} MIDI channel"
        title="MIDI channel"
        ?hidden=${route.kind !== "midi"}
        .value=${live(String(channel))}
        @change=${(event: Event) => {
          if (route.kind !== "midi") return;
          fields.onRoute({ ...route, channel: Number((event.target as HTMLSelectElement).value) });
        }}
      >
        ${CHANNELS.map(
          (id) => html`<option value=${id} ?selected=${id === channel}>${id + 1}</option>`,
        )}
      </select>
    </div>
  `;
}

const outputName = (route: Route): string =>
  route.kind === "midi" ? route.port : "the page's own voice";

/** From one port to another all else stays; from the voice everything is as usual for the instrument. */
const toPort = (instrument: Instrument, route: Route, port: string): Route =>
  route.kind === "midi" ? { ...route, port } : midiRoute(instrument, port);

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
