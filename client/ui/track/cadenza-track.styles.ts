import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    article {
      display: grid;
      gap: 10px;
      padding: 12px 14px;
      border: 1px solid var(--line);
      border-radius: 10px;
      background: var(--background);
    }
    .line {
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 4px 10px;
      font-variant-numeric: tabular-nums;
    }
    .dot {
      width: 10px;
      height: 10px;
      border-radius: 50%;
      background: var(--own);
    }
    b {
      font-weight: 600;
    }
    .about,
    .status {
      color: var(--dim);
    }
    .status {
      margin-left: auto;
    }
    .failed .status,
    .message {
      color: var(--bad);
    }
    .message {
      margin: 0;
    }
    .picture {
      position: relative;
    }
    .playhead {
      position: absolute;
      inset: 0 auto 0 0;
      width: 2px;
      background: var(--playhead);
    }
    canvas {
      display: block;
      width: 100%;
      height: 64px;
      border-radius: 6px;
      background: var(--surface);
    }
    progress {
      color: var(--own);
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    .gap {
      flex: 1;
    }
    @media (max-width: 420px) {
      .gap {
        display: none;
      }
      .buttons button {
        flex: 1;
        min-width: 0;
        padding: 0 8px;
      }
    }
    .listen {
      min-width: 104px;
    }
    .listen[aria-pressed="true"] {
      background: var(--accent);
      color: var(--background);
    }
    .audio {
      min-width: 62px;
      font-variant-numeric: tabular-nums;
      background: linear-gradient(
        to right,
        #5a4526 calc(var(--share) * 100%),
        var(--raised) calc(var(--share) * 100%)
      );
    }
  `,
];
