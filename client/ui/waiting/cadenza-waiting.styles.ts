import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      display: grid;
      place-items: center;
      pointer-events: none;
    }
    .panel {
      display: grid;
      gap: 8px;
      width: min(460px, calc(100% - 32px));
      padding: 20px 24px;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: color-mix(in srgb, var(--background) 92%, transparent);
      box-shadow: 0 12px 40px rgb(0 0 0 / 50%);
      text-align: center;
      pointer-events: auto;
    }
    .panel[data-failed] {
      border-color: var(--bad);
    }
    p {
      margin: 0;
    }
    .title {
      font-size: 17px;
      font-weight: 600;
    }
    .detail {
      color: var(--dim);
      font-variant-numeric: tabular-nums;
      min-height: 1.4em;
    }
    .panel[data-failed] .detail {
      color: var(--text);
    }
    progress {
      margin-top: 6px;
    }
    button {
      justify-self: center;
      margin-top: 6px;
    }
  `,
];
