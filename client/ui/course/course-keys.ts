/** N asks for something else, R repeats the bar or lets it go, C has what was played go round; in a field they are letters. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isTypedInto } from "../typed-field.ts";

/** What the keys do. */
export interface CourseActs {
  readonly another: () => void;
  readonly repeat: () => void;
  readonly record: () => void;
}

/** Listens on the window while its host is on the page. */
export class CourseKeys implements ReactiveController {
  readonly #acts: CourseActs;

  constructor(host: ReactiveControllerHost, acts: CourseActs) {
    this.#acts = acts;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("keydown", this.#press);
  }

  hostDisconnected(): void {
    removeEventListener("keydown", this.#press);
  }

  readonly #press = (event: KeyboardEvent): void => {
    const { another, repeat, record } = this.#acts;
    const act = { n: another, r: repeat, c: record }[event.key.toLowerCase()];
    if (act === undefined || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const [target] = event.composedPath();
    if (isTypedInto(target) || target instanceof HTMLSelectElement) return;
    event.preventDefault();
    act();
  };
}
