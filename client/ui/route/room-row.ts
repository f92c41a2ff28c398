/** The row of the route dialog that says who on the port is in the instrument's way, and makes room. */
import { html, type TemplateResult } from "lit";
import type { MidiRoute, Route } from "#engine/jam/route.ts";
import { type InTheWay, inTheWay, roomFor } from "#engine/jam/shared-channels.ts";
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { HINTS } from "../wording/hints.ts";

/** What it is about. */
interface Room {
  /** Of all instruments, by their ids. */
  readonly routes: readonly Route[];
  readonly instrument: Instrument;
  readonly port: string;
  readonly change: (instrument: Instrument, route: MidiRoute) => void;
}

/** Hidden where nobody is in the way. */
export function roomRow({ routes, instrument, port, change }: Room): TemplateResult {
  const found = inTheWay(routes, instrument);
  return html`
    <p class="standing way" role="status" ?hidden=${found === undefined}>
      ${found === undefined ? "" : wayText(found)}
    </p>
    <button
      class="ask room"
      ?hidden=${found === undefined}
      title=${HINTS.makesRoom}
      @click=${() => {
        for (const [other, route] of roomFor(routes, port)) change(other, route);
      }}
    >
      Make room
    </button>
  `;
}

function wayText({ how, others }: InTheWay): string {
  const names = others.map((other) => INSTRUMENTS[other]);
  const last = names.pop() ?? "";
  const text = names.length === 0 ? last : `${names.join(", ")} and ${last}`;
  return HINTS.inTheWay[how](text, others.length === 1);
}
