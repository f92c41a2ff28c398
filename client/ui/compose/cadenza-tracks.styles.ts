import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    section {
      padding: 20px;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: var(--surface);
    }
    .head {
      display: flex;
      justify-content: space-between;
      align-items: center;
      min-height: var(--target);
      margin-bottom: 6px;
    }
    .head .heading {
      margin: 0;
    }
    ul {
      display: grid;
      gap: 10px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .empty {
      max-width: 44ch;
      margin: 48px auto;
      text-align: center;
      color: var(--dim);
    }
    @media (max-width: 420px) {
      section {
        padding: 14px;
      }
    }
  `,
];
