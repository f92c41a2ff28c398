import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .rack {
      display: grid;
      grid-auto-flow: column;
      grid-auto-columns: minmax(76px, 1fr);
      gap: 8px;
      overflow-x: auto;
      overscroll-behavior-x: contain;
      scrollbar-width: thin;
      scrollbar-color: var(--edge) transparent;
      padding: 3px;
      margin: -3px;
    }
    @media (max-width: 1179px) {
      .rack {
        grid-auto-columns: minmax(74px, 1fr);
        gap: 6px;
      }
    }
    @media (pointer: coarse), (max-width: 720px) {
      .rack {
        grid-auto-columns: minmax(128px, 1fr);
        scroll-snap-type: x proximity;
        padding-bottom: 8px;
      }
      cadenza-strip {
        scroll-snap-align: start;
      }
    }
  `,
];
