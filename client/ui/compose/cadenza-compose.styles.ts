import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      display: grid;
      grid-template-columns: 380px minmax(0, 1fr);
      gap: 20px;
      align-items: start;
    }
    form {
      padding: 20px;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: var(--surface);
      display: grid;
      gap: 18px;
    }
    .field,
    .choice {
      display: grid;
      grid-template-columns: 76px 1fr;
      align-items: center;
      gap: 2px 8px;
    }
    .switch {
      width: 100%;
      margin-top: 6px;
    }
    .numbers {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 4px 16px;
    }
    .numbers .heading {
      grid-column: 1 / -1;
      margin-bottom: 4px;
    }
    .numbers .field {
      grid-template-columns: 1fr;
      align-content: start;
    }
    .numbers .field label {
      font-size: 13px;
      color: var(--dim);
    }
    .pair {
      display: flex;
      gap: 6px;
    }
    .pair button {
      padding: 0;
    }
    textarea {
      display: block;
      padding: 8px;
      resize: vertical;
    }
    .error {
      margin: 0;
      min-height: 1.4em;
      font-size: 12px;
      color: var(--bad);
    }
    .manner {
      display: grid;
      grid-template-columns: auto auto 1fr;
      gap: 14px;
      align-items: start;
    }
    .actions {
      display: flex;
      gap: 10px;
    }
    .actions .primary {
      flex: 1;
      min-height: 44px;
      font-size: 15px;
    }
    .actions .primary[aria-disabled="true"] {
      background: var(--raised);
      color: var(--dim);
    }
    @media (max-width: 900px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
    }
    @media (max-width: 420px) {
      form {
        padding: 14px;
      }
      .manner {
        grid-template-columns: 1fr 1fr;
        justify-items: center;
      }
      .manner cadenza-key {
        grid-column: 1 / -1;
        width: 100%;
      }
    }
  `,
];
