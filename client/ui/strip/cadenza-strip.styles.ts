import { css } from "lit";
import { controlStyles } from "../control-styles.ts";
import { sliderStyles } from "./strip-sliders.styles.ts";

export const styles = [
  controlStyles,
  sliderStyles,
  css`
    :host {
      --button: 26px;
      container-type: inline-size;
    }
    .strip {
      position: relative;
      display: flex;
      flex-direction: column;
      gap: 8px;
      height: 100%;
      padding-bottom: 8px;
      border: 1px solid var(--line);
      border-radius: 12px;
      background: var(--surface);
      overflow: hidden;
    }
    .strip.on {
      background: #1a1d25;
    }
    .strip.leads {
      border-color: var(--own);
    }
    .header {
      justify-content: space-between;
      width: 100%;
      min-width: 0;
      min-height: max(34px, var(--target));
      padding: 0 10px;
      border: 0;
      border-radius: 11px 11px 0 0;
      background: color-mix(in srgb, var(--own) 15%, var(--surface));
      color: color-mix(in srgb, var(--own) 85%, white);
      font-size: 13px;
      font-weight: 650;
    }
    .header[aria-disabled="true"] {
      cursor: default;
    }
    .on .header {
      background: var(--own);
      color: var(--background);
    }
    .header:focus-visible {
      outline-offset: -4px;
      outline-color: currentColor;
    }
    .header span {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .header .icon {
      font-size: 12px;
      opacity: 0;
    }
    .header:is(:hover, :focus-visible) .icon,
    .leads .header .icon {
      opacity: 1;
    }
    .body {
      display: grid;
      grid-template-columns: 5px 28px 1fr;
      gap: 7px;
      flex: 1;
      min-height: 118px;
      padding: 2px 9px 0;
    }
    .meter {
      position: relative;
      border-radius: 3px;
      background: var(--line);
      overflow: hidden;
    }
    .meter i {
      position: absolute;
      inset: 0;
      background: var(--own);
      transform: scaleY(0);
      transform-origin: bottom;
    }
    .silent .meter i {
      background: var(--edge);
    }
    .buttons {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      align-items: end;
      gap: 4px;
    }
    .buttons button {
      width: 32px;
      min-width: 0;
      min-height: var(--button);
      padding: 0;
      border-radius: 7px;
      font-size: 12px;
      font-weight: 650;
      color: var(--dim);
    }
    .power[aria-checked="true"] {
      color: var(--own);
    }
    .solo[aria-pressed="true"] {
      background: var(--warning);
      color: var(--background);
    }
    .mute[aria-pressed="true"] {
      background: var(--bad);
      color: var(--background);
    }
    .part[aria-pressed="true"] {
      background: var(--own);
      color: var(--background);
    }
    .output {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 4px;
      padding: 0 8px;
    }
    .output[data-midi] {
      grid-template-columns: minmax(0, 1fr) 34px;
    }
    .output select {
      min-height: max(26px, var(--target) - 6px);
      padding: 0 14px 0 6px;
      border-color: var(--line);
      background-position:
        right 8px center,
        right 4px center;
      background-size: 4px 4px;
      background-color: transparent;
      font-size: 12px;
      color: var(--dim);
      text-overflow: ellipsis;
    }
    .output .route {
      min-height: max(26px, var(--target) - 6px);
      padding: 0 2px;
      font-size: 12px;
      color: var(--dim);
    }
    .output .route[data-crowded] {
      border-color: var(--warning);
      color: var(--text);
    }
    .typed {
      inset: auto 6px 40px;
    }
    @media (forced-colors: active) {
      .strip.leads {
        border: 2px solid Highlight;
      }
      .meter {
        forced-color-adjust: none;
        border: 1px solid CanvasText;
        background: Canvas;
      }
      .meter i,
      .silent .meter i {
        background: Highlight;
      }
      .power[aria-checked="true"] {
        forced-color-adjust: none;
        background: Highlight;
        color: HighlightText;
      }
    }
    @container (max-width: 96px) {
      .header {
        position: relative;
        padding: 0 8px;
        font-size: 12px;
      }
      .header .icon {
        position: absolute;
        right: 5px;
        font-size: 10px;
      }
      .header:not(:hover, :focus-visible) .icon {
        background: inherit;
      }
      .body {
        grid-template-columns: 4px 20px 1fr;
        gap: 5px;
        padding: 2px 7px 0;
      }
      .buttons button {
        width: 26px;
      }
      .output {
        padding: 0 5px;
      }
      .output[data-midi] {
        grid-template-columns: 22px minmax(0, 1fr);
      }
    }
    @media (pointer: coarse), (max-width: 720px) {
      :host {
        --button: 44px;
      }
      .body {
        grid-template-columns: 6px 44px 1fr;
        min-height: 190px;
      }
      .buttons button {
        width: 44px;
        font-size: 14px;
      }
      .output select {
        min-height: 44px;
      }
      .header .icon {
        opacity: 0.75;
        font-size: 14px;
      }
    }
  `,
];
