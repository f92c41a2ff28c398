import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      --line-height: max(30px, var(--target));
      min-height: var(--line-height);
      font-size: 13px;
    }
    .line {
      display: flex;
      align-items: center;
      justify-content: flex-end;
      --tone: var(--dim);
    }
    .error {
      --tone: var(--bad);
    }
    .remark {
      --tone: var(--warning);
    }
    .hint {
      --tone: var(--accent);
    }
    .headline {
      min-width: 0;
      min-height: var(--line-height);
      padding: 0 6px;
      justify-content: flex-start;
      text-align: left;
    }
    .headline::before,
    li::before {
      content: "";
      width: 4px;
      height: 14px;
      border: 2px solid var(--tone);
      border-radius: 2px;
      flex: none;
    }
    .text {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .more {
      flex: none;
      padding: 0 7px;
      border-radius: 999px;
      background: var(--raised);
      color: var(--dim);
      font-variant-numeric: tabular-nums;
    }
    .away {
      flex: none;
      min-height: var(--line-height);
      padding: 0;
      color: var(--dim);
    }
    ul {
      display: grid;
      gap: 2px;
      max-height: 40dvh;
      margin: 4px 0 10px;
      padding: 4px 4px 4px 10px;
      overflow-y: auto;
      border: 1px solid var(--line);
      border-radius: 10px;
      background: var(--surface);
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    li span {
      flex: 1;
      padding: 4px 0;
      overflow-wrap: anywhere;
    }
  `,
];
