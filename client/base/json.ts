/** What JSON gives, from a store, a link or a file: it is not trusted, and read by these checks. */

export type Json = Readonly<Record<string, unknown>>;

/** Whether a value has fields; a list has, too. */
export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null;

export const isWhole = (value: unknown, lowest: number, highest: number): value is number =>
  Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;

/** Any number of a range, its ends included. */
export const isNumber = (value: unknown, lowest: number, highest: number): value is number =>
  typeof value === "number" && value >= lowest && value <= highest;

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** Whether a value is not there, or as it should be. */
export const isOptional = (value: unknown, is: (value: unknown) => boolean): boolean =>
  value === undefined || is(value);

/** Whether a value is a list of no more than `most`, each as it should be. */
export const isList = (value: unknown, most: number, is: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= most && value.every((item) => is(item));
