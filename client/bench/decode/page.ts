/** The page's end of the decode benchmark: `measureInPage` is called from in-chromium.ts. */
import type { DecodePlan, ModelReport, PlaceReport } from "./decode-plan.ts";
import { measureFirstTokens } from "./first-token.ts";
import { measureModel } from "./measure.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { nameAdapter } from "./name-adapter.ts";

const SHIPPED = new URL("/presets/models/cadenza-starter", location.href).href;

declare global {
  /** Runs the plans; progress goes to the console. */
  var measureInPage: ((plans: readonly DecodePlan[]) => Promise<PlaceReport>) | undefined;
}

globalThis.measureInPage = async (plans) => {
  const memory = new MemoryWatch();
  const found = await navigator.gpu?.requestAdapter();
  const adapter = found ? nameAdapter(found) : "no WebGPU";
  console.info(`chromium: ${adapter}`);
  const models: ModelReport[] = [];
  for (const plan of plans)
    models.push(await measureModel(plan, memory, (line) => console.info(line)));
  const isDefault = plans.some((plan) => plan.isDefault);
  const firstTokens = isDefault ? await measureFirstTokens(SHIPPED) : [];
  return { place: "chromium", adapter, models, firstTokens };
};
