/** What a page's address may ask for: `backend` (auto, webgpu, wasm), `model` (an id) and `seed`. */
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import type { Controls } from "#engine/jam/performance.ts";
import { COMMON_TIME } from "#music/metre.ts";
import type { BackendChoice } from "#worker/protocol.ts";

const BACKENDS: readonly BackendChoice[] = ["auto", "webgpu", "wasm"];

/** Which model, where one is named, and what runs it. */
export function askedFor({ searchParams }: URL): {
  readonly model: string | undefined;
  readonly backend: BackendChoice;
} {
  return {
    model: searchParams.get("model") ?? undefined,
    backend: BACKENDS.find((choice) => choice === searchParams.get("backend")) ?? "auto",
  };
}

/** Where the controls stand when the page opens; the seed is a chance where none is named. */
export function firstControls({ searchParams }: URL): Controls {
  const seed = searchParams.get("seed") ?? "";
  const [chance] = crypto.getRandomValues(new Uint16Array(1));
  return {
    ...usualValues(JAM_CONTROLS),
    ...USUAL_CHOICES,
    tempo: 112,
    metre: COMMON_TIME,
    lead: 0,
    drums: true,
    seed: /^\d{1,9}$/.test(seed) ? Number(seed) : chance,
    key: undefined,
  };
}
