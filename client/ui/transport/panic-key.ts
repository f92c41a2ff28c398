/** The key "!" ends all sound from anywhere but a field of text: a field of numbers has no use for it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";

/** Listens on the window while its host is on the page. */
export class PanicKey implements ReactiveController {
  readonly #panic: () => void;

  constructor(host: ReactiveControllerHost, panic: () => void) {
    this.#panic = panic;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("keydown", this.#press, { capture: true });
  }

  hostDisconnected(): void {
    removeEventListener("keydown", this.#press, { capture: true });
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
