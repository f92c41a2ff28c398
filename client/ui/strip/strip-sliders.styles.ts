/** How a strip's fader and pan look: in every browser, with forced colours, in a narrow strip, under a finger. */
import { css } from "lit";

export const sliderStyles = css`
  .fader,
  .pan {
    appearance: none;
    min-width: 0;
    background: transparent;
    cursor: pointer;
  }
  .fader {
    writing-mode: vertical-lr;
    direction: rtl;
    width: 28px;
    height: 100%;
    touch-action: pan-x;
  }
  .fader::-webkit-slider-runnable-track {
    width: 4px;
    margin: 0 auto;
    border-radius: 2px;
    background: linear-gradient(
      to top,
      var(--edge) calc(var(--share) * 100%),
      var(--line) calc(var(--share) * 100%)
    );
  }
  .fader::-moz-range-track {
    width: 4px;
    border-radius: 2px;
    background: var(--line);
  }
  .fader::-webkit-slider-thumb {
    appearance: none;
    width: 20px;
    height: 12px;
    margin-left: -8px;
    border: 0;
    border-radius: 4px;
    background: var(--dim);
  }
  .fader::-moz-range-thumb {
    width: 20px;
    height: 12px;
    border: 0;
    border-radius: 4px;
    background: var(--dim);
  }
  .on .fader::-webkit-slider-thumb {
    background: var(--text);
  }
  .on .fader::-moz-range-thumb {
    background: var(--text);
  }
  .pan {
    height: 24px;
    margin: -4px 9px;
    touch-action: pan-y;
  }
  .pan::-webkit-slider-runnable-track {
    height: 3px;
    border-radius: 2px;
    background: linear-gradient(var(--edge), var(--edge)) center / 2px 100% no-repeat var(--line);
  }
  .pan::-moz-range-track {
    height: 3px;
    border-radius: 2px;
    background: var(--line);
  }
  .pan::-webkit-slider-thumb {
    appearance: none;
    width: 12px;
    height: 12px;
    margin-top: -4.5px;
    border: 0;
    border-radius: 50%;
    background: var(--dim);
  }
  .pan::-moz-range-thumb {
    width: 12px;
    height: 12px;
    border: 0;
    border-radius: 50%;
    background: var(--dim);
  }
  @media (forced-colors: active) {
    .fader,
    .pan {
      forced-color-adjust: none;
    }
    .fader::-webkit-slider-runnable-track,
    .pan::-webkit-slider-runnable-track {
      background: CanvasText;
    }
    .fader::-moz-range-track,
    .pan::-moz-range-track {
      background: CanvasText;
    }
    :is(.fader, .pan, .on .fader)::-webkit-slider-thumb {
      border: 2px solid Canvas;
      background: Highlight;
    }
    :is(.fader, .pan, .on .fader)::-moz-range-thumb {
      border: 2px solid Canvas;
      background: Highlight;
    }
  }
  @container (max-width: 96px) {
    .fader {
      width: 20px;
    }
  }
  @media (pointer: coarse), (max-width: 720px) {
    .fader {
      width: 44px;
    }
    .fader::-webkit-slider-thumb {
      width: 32px;
      height: 20px;
      margin-left: -14px;
    }
    .fader::-moz-range-thumb {
      width: 32px;
      height: 20px;
    }
    .pan {
      height: 44px;
      margin: 0 9px;
    }
    .pan::-webkit-slider-thumb {
      width: 22px;
      height: 22px;
      margin-top: -9.5px;
    }
    .pan::-moz-range-thumb {
      width: 22px;
      height: 22px;
    }
  }
`;
