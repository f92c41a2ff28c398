/** The chart of the compose form: what is typed, with what is wrong with it as it is typed, and whose style fills the rest. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { CHOICES } from "#engine/compose/choices.ts";
import { choiceSelect } from "../choice-select.ts";
import { HINTS } from "../wording/hints.ts";
import { chartFault, type Draft } from "./draft.ts";

/** The section. @param change takes what is typed or chosen */
export function chartField(
  draft: Draft,
  change: (change: Partial<Pick<Draft, "chart" | "style">>) => void,
): TemplateResult {
  const { label, hint, options } = CHOICES.style;
  const fault = chartFault(draft);
  return html`
    <section>
      <h2 class="heading">Chart</h2>
      <textarea
        id="chart"
        class="chart"
        rows="3"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-label="Chart"
        aria-invalid=${fault !== ""}
        aria-describedby="chart-error"
        placeholder=${HINTS.progressionLike}
        title=${HINTS.progression}
        .value=${live(draft.chart)}
        @input=${(event: Event) => change({ chart: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <p class="error" id="chart-error" role="alert">${fault}</p>
      ${choiceSelect({
        ...{ label, hint, options, value: draft.style },
        choose: (style) => change({ style }),
      })}
    </section>
  `;
}
