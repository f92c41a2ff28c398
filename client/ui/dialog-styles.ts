import { css } from "lit";
import { controlStyles } from "./control-styles.ts";

/** A small dialog of labelled choices, one a row. */
export const dialogStyles = [
  controlStyles,
  css`
    dialog {
      width: min(400px, calc(100vw - 24px));
      max-height: calc(100dvh - 24px);
      padding: 16px;
      border: 1px solid var(--edge);
      border-radius: 12px;
      background: var(--surface);
      color: var(--text);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 45%);
    }
    h2 {
      margin: 0 0 12px;
      font-size: 15px;
      font-weight: 650;
    }
    .standing {
      margin: 0 0 10px;
      color: var(--dim);
      line-height: 1.4;
    }
    .ask {
      margin-bottom: 12px;
    }
    .choice input {
      width: 100%;
    }
    .choice {
      display: grid;
      grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
      align-items: center;
      gap: 10px;
      margin-bottom: 8px;
    }
    .ends {
      display: flex;
      justify-content: space-between;
      gap: 8px;
      margin-top: 14px;
    }
    .ends:not(:last-child) {
      margin-bottom: 14px;
    }
  `,
];
