import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host,
    div {
      display: grid;
      gap: 8px;
      pointer-events: none;
    }
    div:empty {
      display: none;
    }
    .card {
      display: flex;
      align-items: center;
      gap: 8px;
      margin: 0;
      padding: 6px 6px 6px 14px;
      border: 1px solid var(--line);
      border-left: 3px solid var(--dim);
      border-radius: 8px;
      background: var(--raised);
      box-shadow: 0 6px 24px rgb(0 0 0 / 45%);
      pointer-events: auto;
    }
    .card span {
      flex: 1;
    }
    .error {
      border-left-color: var(--bad);
    }
    .remark {
      border-left-color: var(--warning);
    }
    .hint {
      padding: 12px 14px;
      border-left-color: var(--accent);
    }
  `,
];
