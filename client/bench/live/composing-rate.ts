/** How fast the page composes while it plays, as its own machine line says it. */
import type { Page } from "playwright";
import { spread } from "../decode/spread.ts";
import type { Measured } from "./figures.ts";

/** Looks a second apart. */
const LOOKS = 15;

/** Tokens a second that the page is to reach. */
const BAR = 600;

export async function composingRate(page: Page): Promise<Measured> {
  const looks: { readonly rate: number; readonly factor: number }[] = [];
  for (let look = 0; look < LOOKS; look++) {
    await page.waitForTimeout(1000);
    looks.push(
      await page.evaluate(() => {
        const { rate, realTimeFactor } = document.querySelector("cadenza-app")!.session!.state;
        return { rate, factor: realTimeFactor };
      }),
    );
  }
  const rate = Math.round(spread(looks.map((look) => look.rate)).p50);
  const factor = spread(looks.map((look) => look.factor)).p50;
  return {
    line: `composing while it plays: ${rate} tokens a second (bar: ${BAR}), ${factor.toFixed(1)} times as fast as it plays`,
    json: { tokensPerSecond: rate, bar: BAR, realTimeFactor: factor },
  };
}
