/** A list to choose one of a few things from, the same wherever the page offers a choice. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

/** What is chosen of what. */
export interface Choosing<Option extends string> {
  readonly label: string;
  readonly hint: string;
  /** What may be chosen, and its name. */
  readonly options: Readonly<Record<Option, string>>;
  readonly value: Option;
  readonly choose: (option: Option) => void;
}

/** The list with its label beside it. */
export function choiceSelect<Option extends string>(choosing: Choosing<Option>): TemplateResult {
  const { label, hint, options, value, choose } = choosing;
  return html`
    <label class="choice" title=${hint}>
      <span>${label}</span>
      <select
        .value=${live(value)}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Option)}
      >
        ${Object.entries<string>(options).map(
          ([option, name]) =>
            html`<option value=${option} ?selected=${option === value}>${name}</option>`,
        )}
      </select>
    </label>
  `;
}
