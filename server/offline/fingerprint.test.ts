import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { rehearsal } from "#sound/rehearsal.ts";
import { fingerprintOf, unlikeness } from "#sound/testing/fingerprint.ts";
import { renderNotes } from "./render-notes.ts";

const kitFolder = fileURLToPath(new URL("../../presets/kits/general", import.meta.url));
const file = new URL("../../client/sound/testing/fingerprint.json", import.meta.url);

// band.browser.test.ts compares Chromium with the same file.
it("renders the rehearsal with the fingerprint that is kept", async () => {
  const { left, right } = await renderNotes({ notes: rehearsal(4), kitFolder, seconds: 6 });
  const taken = fingerprintOf(left, right);
  if (process.env.UPDATE_FINGERPRINT) writeFileSync(file, `${JSON.stringify(taken)}\n`);
  const { default: kept } = await import("#sound/testing/fingerprint.json");
  const { samples, levels } = unlikeness(taken, kept);
  expect(samples).toBeLessThan(-100);
  expect(levels).toBeLessThan(0.01);
});
