/** The page's end of the decode benchmark: `measureInPage` is called from in-chromium.ts. */
import type { DecodePlan, PlaceReport } from "./decode-plan.ts";
import { measureDecoders } from "./measure.ts";
import { nameAdapter } from "./name-adapter.ts";

declare global {
  /** Runs the plans; progress goes to the console. */
  var measureInPage: ((plans: readonly DecodePlan[]) => Promise<PlaceReport>) | undefined;
}

globalThis.measureInPage = async (plans) => {
  const found = await navigator.gpu?.requestAdapter();
  const adapter = found ? nameAdapter(found) : "no WebGPU";
  console.info(`chromium: ${adapter}`);
  const reports = [];
  for (const plan of plans)
    reports.push(...(await measureDecoders(plan, (line) => console.info(line))));
  return { place: "chromium", adapter, reports };
};
