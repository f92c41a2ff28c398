/** Where a strip's notes go: the page's own voice, or a MIDI port and channel. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { MidiPortsState } from "#engine/jam/midi-ports.ts";
import type { Route } from "#engine/jam/performance.ts";

const VOICE = "voice";
const ASK = "ask";
const PORT = "port:";
const CHANNELS = Array.from({ length: 16 }, (_, channel) => channel);

interface OutputFields {
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
  const { name, route, ports } = fields;
  const outputs = ports?.status === "granted" ? ports.outputs : [];
  const value = route.kind === "voice" ? VOICE : PORT + route.port;
  const lost = route.kind === "midi" && !outputs.some(({ id }) => id === route.port);
  const channel = route.kind === "midi" ? route.channel : 0;
  const port = outputs.find(({ id }) => value === PORT + id)?.name ?? "the page's own voice";
  const title = lost ? "This MIDI output is not connected" : `Output: ${port}`;
  const choose = (event: Event) => {
    const chosen = (event.target as HTMLSelectElement).value;
    if (chosen === ASK) fields.onAsk();
    else if (chosen === VOICE) fields.onRoute({ kind: "voice" });
    else fields.onRoute({ kind: "midi", port: chosen.slice(PORT.length), channel });
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
        ${outputs.map(({ id, name }) => {
          const own = PORT + id;
          return html`<option value=${own} ?selected=${value === own}>${name}</option>`;
        })}
        ${lost ? html`<option value=${value} selected>MIDI lost</option>` : ""}
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

function askText(ports: MidiPortsState | undefined): string {
  switch (ports?.status) {
    case "unasked":
      return "MIDI: connect…";
    case "asking":
      return "MIDI: asking…";
    case "granted":
      return "MIDI: no output";
    default:
      return "MIDI: why not?";
  }
}
