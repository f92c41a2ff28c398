import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 18px;
      container-type: size;
      overflow-y: auto;
      scrollbar-width: thin;
    }
    .dials {
      display: flex;
      justify-content: space-around;
    }
    .lead {
      display: grid;
      grid-template-columns: 64px 1fr;
      align-items: center;
      gap: 8px;
    }
    .switch {
      width: 100%;
      margin-top: 4px;
    }
    @container (max-height: 470px) {
      section + section {
        margin-top: -6px;
      }
      cadenza-key {
        --wheel: none;
      }
    }
    @media (max-width: 720px) {
      :host {
        container-type: normal;
        overflow: visible;
      }
    }
  `,
];
