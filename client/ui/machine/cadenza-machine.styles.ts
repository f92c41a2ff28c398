import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .line {
      display: flex;
      align-items: center;
      justify-content: flex-end;
      gap: 12px;
      min-height: 28px;
      font-size: 13px;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
      color: var(--dim);
      --health: var(--dim);
    }
    .good {
      --health: var(--good);
    }
    .warning {
      --health: var(--warning);
    }
    .bad {
      --health: var(--bad);
    }
    .dot {
      width: 8px;
      height: 8px;
      margin-right: -4px;
      border-radius: 50%;
      background: var(--health);
    }
    .dot,
    .rate,
    .ahead {
      flex: none;
    }
    .backend {
      flex: none;
      color: var(--text);
    }
    .rate {
      min-width: 7.2em;
      text-align: right;
    }
    .ahead {
      min-width: 5.2em;
      text-align: right;
    }
    progress {
      width: auto;
      min-width: 16px;
      flex: 0 1 88px;
      color: var(--health);
    }
    @media (max-width: 720px) {
      .line {
        justify-content: flex-start;
      }
      progress {
        flex: 1;
        width: auto;
        min-width: 24px;
      }
    }
    @media (max-width: 359px) {
      .line {
        gap: 8px;
      }
      .rate {
        min-width: 0;
      }
    }
    @media (min-width: 540px) and (max-height: 560px) {
      .rate,
      progress {
        display: none;
      }
    }
  `,
];
