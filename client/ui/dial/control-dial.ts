/** A dial for a control, as the control is declared. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { CONTROLS, type ControlName } from "#engine/compose/controls.ts";
import type { DialEvent } from "./dial-event.ts";
import "./cadenza-dial.ts";

/** @param onChange called while it turns */
export function controlDial<Name extends ControlName>(
  name: Name,
  value: number,
  onChange: (change: Partial<Record<Name, number>>) => void,
): TemplateResult {
  const { label, hint, lowest, highest, step, usual } = CONTROLS[name];
  return html`
    <cadenza-dial
      data-learn="control:${name}"
      label=${label}
      hint=${hint}
      .min=${lowest}
      .max=${highest}
      .step=${step}
      .resetTo=${usual}
      .value=${live(value)}
      @cadenza-dial=${(event: DialEvent) => onChange({ [name]: event.value } as Partial<Record<Name, number>>)}
    ></cadenza-dial>
  `;
}
