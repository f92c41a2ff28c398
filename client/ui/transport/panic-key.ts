/** The key "!" ends all sound from anywhere but a field of text: a field of numbers has no use for it. */
import type { ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";
import { WindowListening } from "../window-listening.ts";

/** Listens on the window while its host is on the page. */
export class PanicKey {
  readonly #panic: () => void;

  constructor(host: ReactiveControllerHost, panic: () => void) {
    this.#panic = panic;
    new WindowListening(host, { keydown: this.#press }, { capture: true });
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key !== "!" || event.ctrlKey || event.metaKey) return;
    const [target] = event.composedPath();
    const numeric = target instanceof HTMLInputElement && target.type === "number";
    if (isTypedInto(target) && !numeric) return;
    event.preventDefault();
    this.#panic();
  };
}
