/**
 * One small value that outlives the page, as JSON in localStorage. What another version or another
 * hand wrote is parsed as anything from outside is; where nothing can be kept (a browser told to
 * refuse storage, a full one) the page goes on without, and says so once. What was kept before stays.
 */
import { type Remark, remark } from "#base/remark.ts";
import { whyNotKept } from "./why-not-kept.ts";

/** The two methods of `Storage` that are needed. */
export type TextStorage = Pick<Storage, "getItem" | "setItem">;

/** How values are kept. */
export interface Keeping {
  /** Gives the storage; may throw, as `localStorage`, which it is by default, does where it is refused. */
  readonly storage?: () => TextStorage;
  /** Told when something could not be kept; called once a page at most for each reason. */
  readonly tell: (why: Remark) => void;
}

const PREFIX = "cadenza:";

/** Makes kept values that share one storage and one complaint. */
export function keptValues({ storage = () => localStorage, tell }: Keeping) {
  const told = new Set<string>();
  const complain = (error: unknown): void => {
    const why = whyNotKept(error, remark("settings-not-kept", {}));
    if (!told.has(why.code)) tell(why);
    told.add(why.code);
  };
  return <T>(
    name: string,
    parse: (value: unknown) => T | undefined,
    written: (value: T) => unknown = (value) => value,
  ) => new KeptValue(PREFIX + name, parse, written, storage, complain);
}

/** See the file's head. */
export class KeptValue<T> {
  readonly #key: string;
  readonly #parse: (value: unknown) => T | undefined;
  readonly #written: (value: T) => unknown;
  readonly #storage: () => TextStorage;
  readonly #complain: (error: unknown) => void;

  /** @param parse gives undefined for what is not a value of this kind @param written the value as `parse` wants it, shorter */
  constructor(
    key: string,
    parse: (value: unknown) => T | undefined,
    written: (value: T) => unknown,
    storage: () => TextStorage,
    complain: (error: unknown) => void,
  ) {
    this.#key = key;
    this.#parse = parse;
    this.#written = written;
    this.#storage = storage;
    this.#complain = complain;
  }

  /** The value kept last; undefined where there is none, or none that can be understood. */
  read(): T | undefined {
    let text: string | null;
    try {
      text = this.#storage().getItem(this.#key);
    } catch (error) {
      this.#complain(error);
      return undefined;
    }
    return text === null ? undefined : this.#parse(parsedJson(text));
  }

  /** Keeps a value in place of the last. */
  write(value: T): void {
    try {
      this.#storage().setItem(this.#key, JSON.stringify(this.#written(value)));
    } catch (error) {
      this.#complain(error);
    }
  }
}

/** Undefined for what is no JSON: another program may have written it. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For `parse`: a list of texts. */
export const textList = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
