/** Ctrl+Z takes a decision back, with Shift (or Ctrl+Y) makes it again; in a field of text the keys are the field's own. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";

/** Listens on the window while its host is on the page. */
export class UndoKey implements ReactiveController {
  readonly #act: (which: "undo" | "redo") => void;

  constructor(host: ReactiveControllerHost, act: (which: "undo" | "redo") => void) {
    this.#act = act;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("keydown", this.#press);
  }

  hostDisconnected(): void {
    removeEventListener("keydown", this.#press);
  }

  readonly #press = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    if (isTypedInto(event.composedPath()[0])) return;
    event.preventDefault();
    this.#act(key === "y" || event.shiftKey ? "redo" : "undo");
  };
}
