/** Where the ways on that are pointed at are heard: on an output of their own, for whoever plays. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { CueLike } from "../surface-model.ts";
import { HINTS } from "../wording/hints.ts";

/** Asks for the outputs first. */
const ASK = "ask";

/** @param told hears why the browser gave none, or did not open it */
export function cueSelect(cue: CueLike, told: (error: unknown) => void): TemplateResult {
  const { isOffered, outputs, chosen } = cue.state;
  if (!isOffered) return html``;
  const choose = (value: string) => {
    const asked = value === ASK ? cue.request() : cue.choose(value === "" ? undefined : value);
    asked.catch(told);
  };
  return html`<select
    aria-label="Headphones"
    title=${HINTS.cue}
    .value=${live(chosen ?? "")}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    <option value="">Headphones: none</option>
    ${outputs.map(
      ({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`,
    )}
    <option value=${ASK}>Find outputs…</option>
  </select>`;
}
