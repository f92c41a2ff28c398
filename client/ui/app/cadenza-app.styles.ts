import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .page {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      height: 100dvh;
      min-height: 620px;
      padding: 0 24px 20px;
      gap: 4px;
    }
    header {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
      grid-template-areas: "brand transport machine";
      align-items: center;
      gap: 16px;
      min-height: 76px;
    }
    h1 {
      grid-area: brand;
      margin: 0;
      font-size: 22px;
      font-weight: 700;
      letter-spacing: -0.01em;
    }
    .tabs {
      grid-area: brand;
      display: flex;
      gap: 4px;
      margin-left: 122px;
    }
    .tabs button {
      border-radius: 999px;
      padding: 0 14px;
      background: transparent;
      color: var(--dim);
    }
    .tabs button[aria-selected="true"] {
      background: var(--raised);
      color: var(--text);
    }
    cadenza-transport {
      grid-area: transport;
    }
    cadenza-machine {
      grid-area: machine;
    }
    main {
      min-height: 0;
    }
    .jam {
      display: grid;
      grid-template-columns: 196px minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto;
      gap: 16px 24px;
      height: 100%;
    }
    .heart {
      position: relative;
      min-width: 0;
      min-height: 0;
    }
    cadenza-roll {
      height: 100%;
    }
    cadenza-waiting {
      position: absolute;
      inset: 0;
    }
    cadenza-mixer {
      grid-column: 1 / -1;
      min-width: 0;
    }
    .compose {
      height: 100%;
      overflow-y: auto;
      scrollbar-width: thin;
    }
    .starting {
      display: grid;
      place-content: center;
      height: 60vh;
      color: var(--dim);
      text-align: center;
    }
    .starting[role="alert"] {
      color: var(--bad);
    }
    cadenza-remarks {
      position: fixed;
      z-index: 2;
      top: 84px;
      right: 36px;
      width: min(420px, calc(100vw - 32px));
    }
    @media (max-width: 1180px) {
      .page {
        padding: 0 16px 14px;
      }
      .jam {
        grid-template-columns: 176px minmax(0, 1fr);
        gap: 12px 16px;
      }
      header {
        grid-template-columns: auto minmax(0, 1fr) 288px;
        gap: 10px;
        min-height: 68px;
      }
      h1 {
        font-size: 20px;
      }
      .tabs {
        gap: 0;
        margin-left: 100px;
      }
      .tabs button {
        padding: 0 10px;
      }
    }
    @media (max-width: 720px) {
      .page {
        display: block;
        height: auto;
        padding: 0 12px 24px;
      }
      header {
        position: sticky;
        z-index: 1;
        top: 0;
        grid-template-columns: minmax(0, 1fr);
        grid-template-areas: "brand" "transport" "machine";
        gap: 4px;
        margin: 0 -12px 10px;
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
        background: var(--background);
      }
      .jam {
        display: flex;
        flex-direction: column;
        gap: 16px;
        height: auto;
      }
      .heart {
        height: clamp(300px, 44dvh, 460px);
      }
      .heart,
      cadenza-mixer {
        order: -1;
      }
      cadenza-remarks {
        top: auto;
        right: 16px;
        bottom: 16px;
      }
    }
  `,
];
