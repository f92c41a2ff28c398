/**
 * What changed from one plain value to the next, so that a journal writes no more than that: fields that are others, a list's
 * new end, or another value. Values are data as JSON has it, undefined included; what did not change is not looked into
 * where it is the same object.
 */
import { isJson, type Json } from "#base/json.ts";

/** See the header; undefined where nothing changed. */
export type Difference =
  | undefined
  | { readonly kind: "value"; readonly value: unknown }
  /** Of a list that is as long as before, by its places. */
  | {
      readonly kind: "fields";
      readonly fields: Readonly<Record<string, Difference>>;
      readonly gone?: readonly string[];
    }
  /** What stands from a place on; whatever stood there is gone. */
  | { readonly kind: "tail"; readonly from: number; readonly items: readonly unknown[] };

/** What makes `now` of `before`. */
export function differenceOf(before: unknown, now: unknown): Difference {
  if (Object.is(before, now)) return undefined;
  const another: Difference = { kind: "value", value: now };
  if (!isJson(before) || !isJson(now) || Array.isArray(before) !== Array.isArray(now))
    return another;
  if (Array.isArray(before) && Array.isArray(now) && before.length !== now.length) {
    let from = Math.min(before.length, now.length);
    const first = before.slice(0, from).findIndex((item, at) => differenceOf(item, now[at]));
    if (first >= 0) from = first;
    return { kind: "tail", from, items: now.slice(from) };
  }
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
  const fields = Object.entries(now).flatMap(([name, value]) => {
    const difference = differenceOf(fieldOf(before, name), value);
    return difference === undefined ? [] : [[name, difference] as const];
  });
  if (fields.length === 0 && gone.length === 0) return undefined;
  return {
    ...{ kind: "fields", fields: Object.fromEntries(fields) },
    ...(gone.length === 0 ? {} : { gone }),
  };
}

/** What a difference makes of the value that it was taken from. */
export function changedBy(before: unknown, difference: Difference | null): unknown {
  // JSON says null where a list has nothing.
  if (difference === undefined || difference === null) return before;
  switch (difference.kind) {
    case "value":
      return difference.value;
    case "tail":
      return [...listOf(before).slice(0, difference.from), ...difference.items];
    case "fields": {
      const known: Json = isJson(before) ? before : {};
      const changed = Object.entries(difference.fields).map(
        ([name, inner]) => [name, changedBy(fieldOf(known, name), inner)] as const,
      );
      if (Array.isArray(before)) {
        const fields = new Map<string, unknown>(changed);
        return before.map((item, at) => (fields.has(`${at}`) ? fields.get(`${at}`) : item));
      }
      const kept = Object.entries(known).filter(([name]) => !difference.gone?.includes(name));
      return Object.fromEntries([...kept, ...changed]);
    }
  }
}

/** Its own alone: a section may be called as what every object has. */
const fieldOf = (value: Json, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
