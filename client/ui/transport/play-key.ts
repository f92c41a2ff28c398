/**
 * The space bar plays and stops wherever the focus is, except where a space means something: in a
 * field, on an open choice, or on a button reached by keyboard. A button that was merely clicked
 * keeps the focus and must not swallow the space bar of somebody on stage.
 */
import type { ReactiveControllerHost } from "lit";
import { WindowListening } from "../window-listening.ts";

/** Input types in which a space is no text. */
const SPACELESS_INPUTS = new Set(["range"]);

/** Whether a space on this element belongs to the element itself. */
function ownsSpace(target: EventTarget | undefined, reachedByKeyboard: boolean): boolean {
  if (target instanceof HTMLInputElement) return !SPACELESS_INPUTS.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  return target.matches("button, a[href], summary, [role=tab]") && reachedByKeyboard;
}

/** Listens on the window while its host is on the page. */
export class PlayKey {
  readonly #toggle: (shift: boolean) => void;
  #byKeyboard = true;

  /** @param toggle is told whether Shift is down */
  constructor(host: ReactiveControllerHost, toggle: (shift: boolean) => void) {
    this.#toggle = toggle;
    const heard = { keydown: this.#press, keyup: this.#release, pointerdown: this.#point };
    new WindowListening(host, heard, { capture: true });
  }

  readonly #point = (): void => {
    this.#byKeyboard = false;
  };

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key === "Tab" || event.key.startsWith("Arrow")) this.#byKeyboard = true;
    if (!this.#isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.#toggle(event.shiftKey);
  };

  /** A button acts on the release of the space bar: that must not happen as well. */
  readonly #release = (event: KeyboardEvent): void => {
    if (this.#isOurs(event)) event.preventDefault();
  };

  #isOurs(event: KeyboardEvent): boolean {
    if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return false;
    return !ownsSpace(event.composedPath()[0], this.#byKeyboard);
  }
}
