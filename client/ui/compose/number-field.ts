/** A field of the compose form in which a number is typed, with what is wrong with it below. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { CONTROLS } from "#engine/compose/controls.ts";
import type { NumberField } from "./draft.ts";

/** What is shown, and who learns of what is typed. */
interface NumberFieldParts {
  readonly name: NumberField;
  /** As typed. */
  readonly text: string;
  /** A sentence; empty when nothing is wrong. */
  readonly error: string;
  readonly onText: (text: string) => void;
  /** Stands in the same line, after the number. */
  readonly beside: TemplateResult | string;
}

/** The field, as wide as its row. */
export function numberField({
  name,
  text,
  error,
  onText,
  beside,
}: NumberFieldParts): TemplateResult {
  const { label, lowest, highest, step } = CONTROLS[name];
  const whole = step === 1;
  return html`
    <div class="field">
      <label for=${name}>${label}</label>
      <span class="pair">
        <input
          id=${name}
          type="number"
          inputmode=${whole ? "numeric" : "decimal"}
          min=${lowest}
          max=${highest}
          step=${whole ? 1 : "any"}
          .value=${live(text)}
          aria-invalid=${error !== ""}
          aria-describedby="${name}-error"
          @input=${(event: Event) => onText((event.target as HTMLInputElement).value)}
        />${beside}
      </span>
      <span class="error" id="${name}-error">${error}</span>
    </div>
  `;
}
