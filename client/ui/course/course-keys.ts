/**
 * N asks for something else, R repeats the bar or lets it go, B keeps it, C has what was played go round, V asks for ways to
 * go on and digits pick one; in a field they are letters and digits.
 */
import type { ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";
import { WindowListening } from "../window-listening.ts";

/** What the keys do. */
export interface CourseActs {
  readonly another: () => void;
  readonly repeat: () => void;
  readonly keep: () => void;
  readonly record: () => void;
  readonly foresee: () => void;
  /** @param index zero-based; nothing happens where there are none */
  readonly pick: (index: number) => void;
}

/** Listens on the window while its host is on the page. */
export class CourseKeys {
  readonly #acts: CourseActs;

  constructor(host: ReactiveControllerHost, acts: CourseActs) {
    this.#acts = acts;
    new WindowListening(host, { keydown: this.#press });
  }

  readonly #press = (event: KeyboardEvent): void => {
    const { another, repeat, keep, record, foresee, pick } = this.#acts;
    const digit = "1234".indexOf(event.key);
    const letters = { n: another, r: repeat, b: keep, c: record, v: foresee };
    const named = letters[event.key.toLowerCase() as keyof typeof letters];
    const act = digit < 0 ? named : () => pick(digit);
    if (act === undefined || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    const types = isTypedInto(target) || target instanceof HTMLSelectElement;
    // On a dial or a fader digits begin a value.
    const turns = digit >= 0 && target instanceof HTMLInputElement;
    if (types || turns || event.defaultPrevented) return;
    if (digit < 0) event.preventDefault();
    act();
  };
}
