import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      min-width: 0;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 6px;
    }
    .fold {
      padding: 0 10px 0 6px;
      color: var(--dim);
    }
    .fold .mark {
      display: inline-block;
      width: 1em;
      text-align: center;
    }
    .field {
      position: relative;
      flex: 1 1 280px;
      min-width: 150px;
    }
    .why {
      position: absolute;
      z-index: 2;
      inset: calc(100% + 4px) 0 auto;
      max-width: 70ch;
      margin: 0;
      padding: 6px 10px;
      border: 1px solid var(--edge);
      border-radius: 8px;
      background: var(--raised);
      font-size: 13px;
    }
    .why[role="alert"] {
      border-color: var(--bad);
      color: var(--bad);
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
      min-width: 0;
    }
    .tools button {
      padding: 0 9px;
      border: 1px solid var(--line);
      font-size: 13px;
    }
    .tools button.own {
      border-color: var(--edge);
      font-weight: 600;
    }
    .tools button[aria-pressed="true"] {
      border-color: var(--accent);
      color: var(--accent);
    }
    .tools select {
      width: auto;
      font-size: 13px;
    }
    @media (max-width: 720px) {
      .field {
        flex-basis: 60%;
      }
      .tools {
        flex: 1 1 100%;
      }
    }
  `,
];
