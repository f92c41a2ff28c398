/** Hears events of the window while its host is on the page: how shortcuts listen. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** What hears which event. */
type Listeners = {
  readonly [Kind in keyof WindowEventMap]?: (event: WindowEventMap[Kind]) => void;
};

/** See the header. */
export class WindowListening implements ReactiveController {
  readonly #listeners: readonly [string, EventListener][];
  readonly #capture: boolean;

  /** @param capture whether it hears before the elements do */
  constructor(host: ReactiveControllerHost, listeners: Listeners, { capture = false } = {}) {
    this.#listeners = Object.entries(listeners) as [string, EventListener][];
    this.#capture = capture;
    host.addController(this);
  }

  hostConnected(): void {
    for (const [kind, listener] of this.#listeners)
      addEventListener(kind, listener, { capture: this.#capture });
  }

  hostDisconnected(): void {
    for (const [kind, listener] of this.#listeners)
      removeEventListener(kind, listener, { capture: this.#capture });
  }
}
