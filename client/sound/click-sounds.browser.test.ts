import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { ClickSounds } from "./click-sounds.ts";
import { onset, peak } from "./testing/spectrum.ts";

const RATE = 44_100;

describe("ClickSounds", () => {
  it("clicks at its time, short, and not once it is silenced", async () => {
    const context = new OfflineAudioContext(1, RATE / 2, RATE);
    const clicks = new ClickSounds(context, context.destination);
    clicks.click({ time: seconds(0.1), level: 1, first: true });
    const heard = (await context.startRendering()).getChannelData(0);
    expect(onset(heard, 0.05) / RATE).toBeCloseTo(0.1, 2);
    expect(peak(heard.subarray(0.16 * RATE))).toBeLessThan(1e-3);
    const quiet = new OfflineAudioContext(1, RATE / 2, RATE);
    const silenced = new ClickSounds(quiet, quiet.destination);
    silenced.click({ time: seconds(0.1), level: 1, first: false });
    silenced.silence();
    expect(peak((await quiet.startRendering()).getChannelData(0))).toBe(0);
  });
});
