/**
 * Pointing at what is to be learned: while learning, a click or Enter on a control chooses it and does nothing else. Controls
 * say what they are by `data-learn`, the id of a target. Escape ends learning, the key M begins and ends it.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";

/** What pointing leads to. */
export interface LearnPointed {
  readonly isOn: () => boolean;
  readonly choose: (target: string) => void;
  readonly toggle: () => void;
  readonly end: () => void;
}

const POINTERS = ["pointerdown", "mousedown", "click", "dblclick"] as const;
/** Keys that press what has the focus. */
const PRESSES = new Set(["Enter", " "]);

/** Around controls that can be learned, in every shadow: control-styles.ts reads it. */
const OUTLINE = "--learn-outline";

/** Listens on the window while its host is on the page. */
export class LearnPointing implements ReactiveController {
  readonly #pointed: LearnPointed;

  constructor(host: ReactiveControllerHost, pointed: LearnPointed) {
    this.#pointed = pointed;
    host.addController(this);
  }

  hostConnected(): void {
    for (const kind of POINTERS) addEventListener(kind, this.#point, { capture: true });
    addEventListener("keydown", this.#press, { capture: true });
  }

  hostDisconnected(): void {
    for (const kind of POINTERS) removeEventListener(kind, this.#point, { capture: true });
    removeEventListener("keydown", this.#press, { capture: true });
    document.documentElement.style.removeProperty(OUTLINE);
  }

  hostUpdated(): void {
    const { style } = document.documentElement;
    if (this.#pointed.isOn()) style.setProperty(OUTLINE, "2px dashed var(--accent)");
    else style.removeProperty(OUTLINE);
  }

  readonly #point = (event: Event): void => {
    const target = this.#pointed.isOn() ? targetAt(event) : undefined;
    if (target === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "click") this.#pointed.choose(target);
  };

  readonly #press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = this.#pointed.isOn();
    const target = on && PRESSES.has(event.key) ? targetAt(event) : undefined;
    if (target !== undefined) this.#pointed.choose(target);
    else if (on && event.key === "Escape") this.#pointed.end();
    else if (event.key.toLowerCase() === "m" && !event.repeat && !isText(event))
      this.#pointed.toggle();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
}

/** A letter for a field, or for a list that is searched by letters. */
function isText(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return isTypedInto(target) || target instanceof HTMLSelectElement;
}

function targetAt(event: Event): string | undefined {
  for (const place of event.composedPath())
    if (place instanceof HTMLElement && place.dataset.learn !== undefined)
      return place.dataset.learn;
  return undefined;
}
