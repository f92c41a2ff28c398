import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      position: relative;
      display: inline-block;
    }
    label {
      display: grid;
      justify-items: center;
      gap: 2px;
      cursor: ns-resize;
    }
    .face {
      position: relative;
      width: 68px;
      height: 64px;
      touch-action: none;
    }
    svg {
      width: 68px;
      height: 68px;
      pointer-events: none;
    }
    path {
      fill: none;
      stroke-width: 5;
      stroke-linecap: round;
    }
    .track {
      stroke: var(--line);
    }
    .value {
      stroke: var(--accent);
    }
    .knob {
      fill: var(--text);
    }
    output {
      position: absolute;
      inset: 3px 0 0;
      display: grid;
      place-items: center;
      font-size: 14px;
      font-variant-numeric: tabular-nums;
      pointer-events: none;
    }
    input {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      opacity: 0;
      pointer-events: none;
    }
    .face:has(input:focus-visible) {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
      border-radius: 50%;
    }
    @media (forced-colors: active) {
      .track {
        stroke: GrayText;
      }
      .value {
        stroke: Highlight;
      }
      .knob {
        fill: CanvasText;
      }
    }
    .label {
      font-size: 12px;
      color: var(--dim);
    }
  `,
];
