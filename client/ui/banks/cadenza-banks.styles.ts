import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .row {
      display: grid;
      grid-template-columns: auto auto minmax(0, 1fr);
      gap: 4px;
      margin-bottom: 6px;
    }
    .row button {
      padding: 0 9px;
    }
    .share {
      width: 100%;
      margin-top: 6px;
    }
    .places {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: 4px;
    }
    .places button {
      min-width: 0;
      padding: 0;
      border: 1px dashed var(--edge);
      background: transparent;
      color: var(--dim);
      font-variant-numeric: tabular-nums;
    }
    .places button[data-kept] {
      border-style: solid;
      background: var(--raised);
      color: var(--text);
    }
    .places button[aria-pressed="true"] {
      border-color: var(--accent);
      color: var(--accent);
    }
  `,
];
