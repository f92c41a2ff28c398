import { css } from "lit";
import { controlStyles } from "../control-styles.ts";

export const styles = [
  controlStyles,
  css`
    .line {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 14px;
      min-height: 52px;
    }
    .line > * {
      flex: none;
    }
    .play {
      width: 52px;
      height: 52px;
      padding: 0;
      border-radius: 50%;
      background: var(--accent);
      color: var(--background);
      font-size: 20px;
    }
    .play.playing {
      box-shadow: 0 0 0 4px rgb(255 180 84 / 25%);
    }
    .play.gathering {
      background: var(--background);
      color: var(--accent);
      border: 3px solid var(--accent);
    }
    .place {
      position: relative;
      display: flex;
      align-items: center;
      gap: 6px;
      min-height: var(--target);
      border-radius: 8px;
    }
    .position {
      position: relative;
      min-width: 92px;
      padding-bottom: 6px;
      font-size: 27px;
      font-weight: 650;
      line-height: 1.1;
      font-variant-numeric: tabular-nums;
      text-align: center;
    }
    .bar,
    .beat {
      display: inline-block;
    }
    .bar {
      min-width: 1.8em;
      text-align: right;
    }
    .beat {
      min-width: 0.7em;
      text-align: left;
    }
    .point {
      color: var(--dim);
    }
    .dots {
      position: absolute;
      inset: auto 0 -2px;
      display: flex;
      justify-content: center;
      gap: 6px;
    }
    .dots i {
      flex: 0 1 12px;
      height: 4px;
      border-radius: 2px;
      background: var(--line);
    }
    .dots .now {
      background: var(--accent);
    }
    .tempo {
      position: relative;
      display: flex;
      align-items: baseline;
      gap: 3px;
      color: var(--dim);
    }
    .error {
      position: absolute;
      z-index: 1;
      inset: calc(100% - 4px) 0 auto;
      padding: 0 4px;
      border-radius: 4px;
      background: var(--background);
      color: var(--bad);
      font-size: 12px;
      line-height: 1.3;
      text-align: center;
      white-space: nowrap;
    }
    .tempo input {
      width: 74px;
      padding: 0 4px;
      border-color: transparent;
      background: transparent;
      color: var(--text);
      font-size: 24px;
      font-weight: 650;
      text-align: right;
    }
    .tempo input:is(:hover, :focus) {
      border-color: var(--edge);
      background: var(--surface);
    }
    .metre {
      width: 68px;
      border-color: transparent;
      background-color: transparent;
    }
    .metre:is(:hover, :focus) {
      border-color: var(--edge);
      background-color: var(--surface);
    }
    .quiet {
      padding: 0 10px;
      color: var(--text);
    }
    .gap {
      width: 4px;
    }
    .panic {
      color: var(--bad);
    }
    @media (max-width: 1419px) {
      .quiet span,
      .gap {
        display: none;
      }
      .line {
        gap: 10px;
      }
    }
    @media (max-width: 1179px) {
      .line {
        justify-content: flex-start;
      }
    }
    @media (max-width: 720px), (max-height: 560px) {
      .play {
        width: 46px;
        height: 46px;
      }
      .position {
        min-width: 74px;
        font-size: 23px;
      }
      .tempo input {
        width: 58px;
        font-size: 20px;
      }
      .tap,
      .quiet {
        padding: 0;
      }
      /* No room beside the rest: the panel of a route has one, too. */
      .panic {
        display: none;
      }
    }
    @media (max-width: 720px), (max-height: 560px) {
      /* No room beside bar and beat: the metre is chosen by a tap on them. */
      .metre {
        position: absolute;
        inset: 0;
        width: 100%;
        opacity: 0;
      }
      .place:has(:focus-visible) {
        outline: 2px solid var(--accent);
      }
    }
    @media (max-width: 539px), (max-width: 720px) and (min-height: 561px) {
      .line {
        gap: 2px;
        justify-content: space-between;
      }
    }
    @media (min-width: 540px) and (max-height: 560px) {
      .line {
        gap: 6px;
        justify-content: center;
      }
    }
    @media (min-width: 540px) and (max-width: 720px) and (max-height: 560px) {
      .tempo span:not(.error) {
        display: none;
      }
      .line {
        gap: 2px;
        justify-content: flex-end;
      }
    }
    @media (max-width: 419px) {
      .position {
        min-width: 64px;
        font-size: 19px;
      }
      .tempo span:not(.error) {
        display: none;
      }
      .tempo input {
        width: 48px;
        padding: 0 2px;
        font-size: 18px;
        text-align: center;
      }
    }
  `,
];
