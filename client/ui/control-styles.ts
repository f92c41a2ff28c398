/** Buttons, fields, switches and sliders as every element shows them. Native inputs, restyled. */
import { css } from "lit";

/** Put first into an element's styles. A control that only explains itself is `aria-disabled`. */
export const controlStyles = css`
  :host {
    box-sizing: border-box;
    display: block;
    color: var(--text);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  .icon {
    width: 1.25em;
    height: 1.25em;
    flex: none;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    margin: 0;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45em;
    min-height: var(--target);
    min-width: var(--target);
    padding: 0 12px;
    border: 1px solid transparent;
    border-radius: 8px;
    background: var(--raised);
    cursor: pointer;
    touch-action: manipulation;
    white-space: nowrap;
  }
  [data-learn]:not(:focus-visible) {
    outline: var(--learn-outline, none);
  }
  button:hover {
    border-color: var(--edge);
  }
  button.primary {
    background: var(--accent);
    color: var(--background);
    font-weight: 650;
  }
  button.quiet {
    background: transparent;
  }
  button[aria-disabled="true"] {
    color: var(--dim);
    cursor: help;
    background: var(--surface);
    border-color: var(--line);
  }
  :is(button, input, select, textarea, a, [tabindex]):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  select,
  input[type="number"],
  input[type="text"],
  textarea {
    min-height: var(--target);
    min-width: 0;
    width: 100%;
    padding: 0 8px;
    border: 1px solid var(--edge);
    border-radius: 8px;
    background: var(--surface);
  }
  select {
    cursor: pointer;
    appearance: none;
    padding-right: 22px;
    background: var(--surface)
      linear-gradient(45deg, transparent 50%, var(--dim) 50%) no-repeat right 12px center / 5px 5px;
    background-image: linear-gradient(45deg, transparent 50%, var(--dim) 50%),
      linear-gradient(-45deg, transparent 50%, var(--dim) 50%);
    background-repeat: no-repeat;
    background-position:
      right 12px center,
      right 7px center;
    background-size: 5px 5px;
  }
  select option {
    background: var(--raised);
    color: var(--text);
  }
  input[type="number"] {
    appearance: textfield;
    font-variant-numeric: tabular-nums;
  }
  input[type="number"]::-webkit-inner-spin-button {
    display: none;
  }
  :is(input, textarea)[aria-invalid="true"] {
    border-color: var(--bad);
  }
  .typed {
    position: absolute;
    z-index: 1;
    inset: auto 2px 22px;
    width: auto;
    min-height: 32px;
    border-color: var(--accent);
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .switch {
    justify-content: space-between;
    gap: 10px;
    padding: 0;
    background: transparent;
    border: 0;
  }
  .switch::after {
    content: "";
    width: 34px;
    height: 20px;
    border-radius: 10px;
    border: 1px solid var(--edge);
    background:
      radial-gradient(circle at 9px 50%, var(--dim) 6px, transparent 6.5px) no-repeat var(--surface);
    flex: none;
  }
  .switch[aria-checked="true"]::after {
    border-color: var(--accent);
    background:
      radial-gradient(circle at 23px 50%, var(--background) 6px, transparent 6.5px) no-repeat
      var(--accent);
  }
  .heading {
    margin: 0 0 8px;
    font-size: 12px;
    font-weight: 500;
    letter-spacing: 0.09em;
    text-transform: uppercase;
    color: var(--dim);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    background: var(--line);
    color: var(--accent);
  }
  progress::-webkit-progress-bar {
    background: var(--line);
  }
  progress::-webkit-progress-value {
    background: currentColor;
  }
  progress::-moz-progress-bar {
    background: currentColor;
  }
  /* The system's own colours: what was told by a background alone is told by theirs. */
  @media (forced-colors: active) {
    :is([aria-pressed="true"], [aria-selected="true"], .primary) {
      forced-color-adjust: none;
      background: Highlight !important;
      color: HighlightText !important;
    }
    button {
      border-color: ButtonBorder;
    }
    .switch::after {
      forced-color-adjust: none;
      border-color: ButtonText;
      background: radial-gradient(circle at 9px 50%, ButtonText 6px, transparent 6.5px) no-repeat
        Canvas;
    }
    .switch[aria-checked="true"]::after {
      border-color: Highlight;
      background: radial-gradient(circle at 23px 50%, HighlightText 6px, transparent 6.5px)
        no-repeat Highlight;
    }
    progress {
      forced-color-adjust: none;
      border: 1px solid CanvasText;
      background: Canvas;
      color: Highlight;
    }
    progress::-webkit-progress-bar {
      background: Canvas;
    }
  }
`;
