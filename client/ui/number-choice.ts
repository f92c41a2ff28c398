/** A number typed into a dialog's row; what does not fit is put back to what holds. */
import { html, type TemplateResult } from "lit";
import { unlessEdited } from "./unless-edited.ts";

/** What is typed, and who learns of it. */
interface NumberChoosing {
  readonly label: string;
  readonly hint: string;
  readonly lowest: number;
  readonly highest: number;
  /** Undefined shows an empty field. */
  readonly value: number | undefined;
  /** Whether the field may be emptied; else emptying it puts back what was there. */
  readonly optional?: boolean;
  readonly choose: (value: number | undefined) => void;
}

/** The field with its label beside it. */
export function numberChoice(choosing: NumberChoosing): TemplateResult {
  const { label, hint, lowest, highest, value, optional = false, choose } = choosing;
  const text = value === undefined ? "" : String(value);
  return html`
    <label class="choice" title=${hint}>
      <span>${label}</span>
      <input
        type="number"
        min=${lowest}
        max=${highest}
        step="1"
        placeholder=${optional ? "none" : ""}
        .value=${unlessEdited(text)}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const typed = Math.round(field.valueAsNumber);
          if (field.value === "" && optional) choose(undefined);
          else if (typed >= lowest && typed <= highest) choose(typed);
          else field.value = text;
        }}
      />
    </label>
  `;
}
