/** Who plays: what the strips and the drums' own switch say together. */
import type { Strip } from "#engine/jam/performance.ts";
import { DRUMS } from "#music/instrument.ts";

/** Whether the model may give an instrument notes: the drums follow their own switch. */
export const isOn = (strip: Strip, drums: boolean): boolean =>
  strip.instrument === DRUMS ? drums : strip.enabled;
