import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .zone {
      position: relative;
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 76px;
      padding: 10px 14px;
      border: 1.5px dashed var(--edge);
      border-radius: 10px;
      color: var(--dim);
    }
    .zone.over {
      border-color: var(--accent);
      background: var(--raised);
    }
    .zone:has(input:focus-visible) {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    label:not(.visually-hidden) {
      flex: 1;
      display: grid;
      place-content: center;
      align-self: stretch;
      text-align: center;
      cursor: pointer;
    }
    b {
      color: var(--text);
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .file {
      flex: 1;
      display: grid;
      min-width: 0;
    }
    .error {
      margin: 4px 0 0;
      min-height: 1.4em;
      color: var(--bad);
    }
  `,
];
