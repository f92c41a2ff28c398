import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .octave {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
      margin-bottom: 6px;
    }
    .octave button {
      min-width: 44px;
    }
    .piano {
      position: relative;
      display: grid;
      grid-template-columns: repeat(8, minmax(0, 1fr));
      height: 108px;
      touch-action: none;
      user-select: none;
    }
    .piano button {
      min-width: 0;
      padding: 0;
      border: 1px solid var(--background);
      border-radius: 0 0 5px 5px;
    }
    .white {
      height: 100%;
      background: #e8e4da;
    }
    .black {
      position: absolute;
      z-index: 1;
      width: 8.4%;
      height: 60%;
      min-height: 0;
      background: #17191f;
    }
    .piano [aria-pressed="true"] {
      background: var(--accent);
    }
    .piano button:focus-visible {
      z-index: 2;
    }
    @media (pointer: coarse), (max-width: 720px) {
      .piano {
        height: 132px;
      }
    }
    @media (forced-colors: active) {
      .white {
        background: Canvas;
        border-color: CanvasText;
      }
      .black {
        forced-color-adjust: none;
        background: CanvasText;
      }
    }
  `,
];
