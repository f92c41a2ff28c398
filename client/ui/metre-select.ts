/** The choice of a metre, the same on the transport and in the compose form. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type Metre, metreName, OFFERED_METRES, sameMetre } from "#music/metre.ts";

/** @param value offered, or a metre that a file brought, which then can be chosen too @param title what it does */
export function metreSelect(
  value: Metre,
  choose: (metre: Metre) => void,
  title: string,
): TemplateResult {
  const isOffered = OFFERED_METRES.some((metre) => sameMetre(metre, value));
  const metres = isOffered ? OFFERED_METRES : [...OFFERED_METRES, value];
  return html`
    <select
      class="metre"
      aria-label="Metre"
      title=${title}
      .value=${live(metreName(value))}
      @change=${(event: Event) => choose(metres[(event.target as HTMLSelectElement).selectedIndex])}
    >
      ${metres.map(
        (metre) =>
          html`<option value=${metreName(metre)} ?selected=${sameMetre(metre, value)}>
            ${metreName(metre)}
          </option>`,
      )}
    </select>
  `;
}
