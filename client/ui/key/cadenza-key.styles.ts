import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .switch {
      width: 100%;
    }
    .wheel {
      display: var(--wheel, block);
      width: 100%;
      max-width: 190px;
      margin: 4px auto 10px;
      user-select: none;
    }
    .wheel g {
      cursor: pointer;
    }
    .wheel path {
      fill: var(--raised);
    }
    .wheel .minor path {
      fill: #181c22;
    }
    .wheel g:hover path {
      fill: var(--edge);
    }
    .wheel text {
      fill: var(--text);
      font-size: 13px;
      text-anchor: middle;
      dominant-baseline: central;
      pointer-events: none;
    }
    .wheel .minor text {
      font-size: 11px;
      fill: var(--dim);
    }
    .wheel g.chosen path {
      fill: var(--accent);
    }
    .wheel g:is(.chosen, :hover) text {
      fill: var(--text);
    }
    .wheel g.chosen text {
      fill: var(--background);
      font-weight: 700;
    }
    .wheel .centre {
      font-size: 12px;
    }
    @media (forced-colors: active) {
      .wheel .centre {
        fill: CanvasText;
      }
    }
    .fields {
      display: grid;
      grid-template-columns: 64px 1fr;
      gap: 8px;
    }
    .fields[data-off] select {
      color: var(--dim);
    }
  `,
];
