/** Ctrl+Z takes a decision back, with Shift (or Ctrl+Y) makes it again; in a field of text the keys are the field's own. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Input types that hold no text to be undone. */
const TEXTLESS = new Set(["range", "checkbox", "radio", "button"]);

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
    const [target] = event.composedPath();
    const typed = target instanceof HTMLInputElement && !TEXTLESS.has(target.type);
    if (typed || target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    this.#act(key === "y" || event.shiftKey ? "redo" : "undo");
  };
}
