/** Ctrl+Z takes a decision back, with Shift (or Ctrl+Y) makes it again; in a field of text the keys are the field's own. */
import type { ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";
import { WindowListening } from "../window-listening.ts";

/** Listens on the window while its host is on the page. */
export class UndoKey {
  readonly #act: (which: "undo" | "redo") => void;

  constructor(host: ReactiveControllerHost, act: (which: "undo" | "redo") => void) {
    this.#act = act;
    new WindowListening(host, { keydown: this.#press });
  }

  readonly #press = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    if (isTypedInto(event.composedPath()[0])) return;
    event.preventDefault();
    this.#act(key === "y" || event.shiftKey ? "redo" : "undo");
  };
}
