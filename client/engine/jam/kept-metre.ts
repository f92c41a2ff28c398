/** A metre from outside: one of those that are offered, or none. */
import { type Metre, OFFERED_METRES, sameMetre } from "#music/metre.ts";
import { isJson } from "./kept-route.ts";

export const keptMetre = (value: unknown): Metre | undefined =>
  OFFERED_METRES.find((known) => isJson(value) && sameMetre(known, value as unknown as Metre));
