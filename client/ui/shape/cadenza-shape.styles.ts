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
      flex-wrap: wrap;
      justify-content: space-around;
      gap: 8px 0;
    }
    summary .heading {
      display: inline;
    }
    summary {
      min-height: var(--target);
      align-content: center;
      color: var(--dim);
      cursor: pointer;
    }
    summary:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    /* What is folded inherits from the fold, which is none of ours. */
    details > * {
      box-sizing: border-box;
    }
    .choice + .choice,
    .dials + .choice,
    .choice + .dials,
    .choice + cadenza-keys {
      margin-top: 8px;
    }
    .choice {
      display: grid;
      grid-template-columns: 64px minmax(0, 1fr);
      align-items: center;
      gap: 8px;
    }
    .ends {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    .ends button {
      flex: 1 1 auto;
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
