import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      display: grid;
      gap: 4px;
    }
    .row {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 4px;
    }
    .row button {
      min-width: 0;
      padding: 0 4px;
      border-color: var(--line);
    }
    .own {
      border-color: var(--line);
    }
    button[aria-pressed="true"] {
      border-color: var(--accent);
      color: var(--accent);
    }
    .back {
      grid-template-columns: minmax(0, 1fr) 64px;
    }
    .ways {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: 4px;
    }
    .ways button {
      min-width: 0;
      padding: 0;
      border-color: var(--edge);
      font-variant-numeric: tabular-nums;
    }
    .futures {
      border-color: var(--line);
    }
    .why {
      margin: 0;
      color: var(--bad);
      font-size: 13px;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 6px;
      padding-left: 8px;
      border-left: 2px solid var(--accent);
      font-size: 13px;
    }
    li + li {
      margin-top: 2px;
    }
  `,
];
