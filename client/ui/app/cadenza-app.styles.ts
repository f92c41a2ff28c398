/**
 * The page's places. Wide: one line above, roll and shape, strips. Below 1180 px the line becomes
 * two; up to 720 px wide the page scrolls under a transport that stays; on a screen as low as a
 * phone held sideways the roll fills the first sight and strips and shape follow below it. On a
 * wall everything grows (--zoom), because it is read from across a room.
 */
import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .page {
      --zoom: 1;
      --screen: calc(100dvh / var(--zoom));
      zoom: var(--zoom);
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      height: var(--screen);
      min-height: 620px;
      padding: 0 24px 20px;
      gap: 4px;
    }
    /* The chart's rows take nothing of the roll's least room: a low screen scrolls. */
    .page.tall {
      min-height: 840px;
    }
    header {
      display: grid;
      grid-template-columns: minmax(300px, 1fr) auto minmax(300px, 1fr);
      grid-template-rows: 40px auto;
      grid-template-areas: "brand transport machine" "brand transport remarks";
      align-items: start;
      gap: 0 16px;
      min-height: 76px;
    }
    .brand,
    cadenza-transport {
      min-height: 76px;
      align-content: center;
    }
    .brand {
      grid-area: brand;
      display: flex;
      align-items: center;
      gap: 16px;
      min-width: 0;
    }
    h1 {
      margin: 0;
      font-size: 22px;
      font-weight: 700;
      letter-spacing: -0.01em;
    }
    .tabs {
      display: flex;
      gap: 4px;
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
      min-width: 0;
    }
    cadenza-machine {
      grid-area: machine;
      min-width: 0;
      align-self: center;
    }
    cadenza-remarks {
      grid-area: remarks;
      min-width: 0;
    }
    main {
      min-width: 0;
      min-height: 0;
    }
    .jam {
      display: grid;
      grid-template-columns: clamp(196px, 13vw / var(--zoom), 280px) minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto auto;
      gap: 10px 24px;
      height: 100%;
    }
    cadenza-shape {
      grid-row: 1 / 3;
      min-height: 0;
    }
    cadenza-chart {
      grid-column: 2;
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
    @media (max-width: 1179px) {
      .page {
        padding: 0 16px 14px;
      }
      .jam {
        grid-template-columns: 176px minmax(0, 1fr);
        gap: 12px 16px;
      }
      header {
        grid-template-columns: auto minmax(0, 1fr);
        grid-template-rows: auto;
        grid-template-areas: "brand machine" "transport remarks";
        gap: 4px 16px;
        padding: 4px 0 6px;
      }
      .brand,
      cadenza-transport {
        min-height: 0;
      }
      cadenza-remarks {
        margin-top: 11px;
      }
      h1 {
        font-size: 20px;
      }
    }
    @media (max-width: 720px), (max-height: 560px) {
      .page,
      .page.tall {
        display: block;
        height: auto;
        min-height: 0;
        padding: 0 12px 24px;
      }
      .jam {
        display: flex;
        flex-direction: column;
        gap: 14px;
        height: auto;
      }
      .heart,
      cadenza-chart,
      cadenza-mixer {
        order: -1;
      }
    }
    @media (max-width: 539px), (max-width: 720px) and (min-height: 561px) {
      header {
        display: contents;
      }
      .brand {
        gap: 4px;
        padding-top: 4px;
      }
      cadenza-transport {
        position: sticky;
        z-index: 1;
        top: 0;
        margin: 0 -12px;
        padding: 4px 12px;
        border-bottom: 1px solid var(--line);
        background: var(--background);
      }
      cadenza-remarks {
        position: sticky;
        z-index: 1;
        top: 55px;
        margin: 0 -12px;
        padding: 0 6px;
        background: var(--background);
      }
      .heart {
        height: clamp(220px, min(44dvh, 100dvh - 110px), 460px);
      }
    }
    @media (max-width: 539px), (max-width: 720px) and (min-height: 561px) {
      .tabs {
        margin-left: auto;
      }
    }
    @media (min-width: 540px) and (max-height: 560px) {
      header {
        position: sticky;
        z-index: 1;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        min-height: 0;
        margin: 0 -12px 6px;
        padding: 3px 12px;
        border-bottom: 1px solid var(--line);
        background: var(--background);
      }
      h1 {
        position: absolute;
        clip-path: inset(50%);
      }
      .brand,
      .tabs {
        gap: 0;
      }
      .tabs button {
        padding: 0 10px;
      }
      cadenza-transport {
        flex: 1 1 calc(100% - 200px);
      }
      cadenza-remarks {
        flex: 1 1 40%;
        margin: 0;
      }
      .heart {
        height: max(200px, 100dvh - 108px);
      }
    }
    @media (min-width: 540px) and (max-height: 560px) and (pointer: coarse) {
      .heart {
        height: max(190px, 100dvh - 122px);
      }
    }
    @media (min-width: 2400px) and (min-height: 1250px) {
      .page {
        --zoom: 1.25;
      }
    }
    @media (min-width: 3000px) and (min-height: 1600px) {
      .page {
        --zoom: 1.75;
      }
    }
  `,
];
