/** The page behind another tab for half a minute: `npm run bench -- schedule --hidden 300` is the long one. */
import { describe, expect, it } from "vitest";
import { hiddenPage } from "./hidden-page.ts";
import { BUILT, withServer } from "./server/built-server.ts";

describe("a page that nobody sees", () => {
  it("sends notes and clock on while its own timers are slowed down", async () => {
    const length = 30;
    const { timer, notes, clock, moments } = await withServer(BUILT, (origin) =>
      hiddenPage(origin, length, "model=cadenza-starter&backend=wasm&seed=11"),
    );
    expect(timer).toBeGreaterThan(500);
    // What hung on a timer of the page would leave once a second.
    expect(moments).toBeGreaterThan(5 * length);
    expect(notes.length).toBeGreaterThan(2 * length);
    expect(clock.length).toBeGreaterThan(24 * length);
    const middle = (errors: readonly number[]) => errors[errors.length >> 1];
    expect(middle(clock)).toBeLessThan(2);
    expect(middle(notes)).toBeLessThan(2);
  });
});
