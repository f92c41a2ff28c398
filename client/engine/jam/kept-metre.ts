/** A metre from outside: one of those that are offered, or none. */

import { isJson } from "#base/json.ts";
import { type Metre, OFFERED_METRES, sameMetre } from "#music/metre.ts";

export const keptMetre = (value: unknown): Metre | undefined =>
  OFFERED_METRES.find((known) => isJson(value) && sameMetre(known, value as unknown as Metre));
