/**
 * One tab stop for a group of controls, as ARIA's toolbar pattern has it: Tab comes to the control
 * used last, left and right go from one to the next. Up and down stay with the controls.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode };

/** Keeps the tab stop of a host's controls. */
export class RovingFocus implements ReactiveController {
  readonly #host: Host;
  readonly #selector: string;
  #current: HTMLElement | undefined;

  /** @param selector the controls, in the order of the arrows */
  constructor(host: Host, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("keydown", this.#press, { capture: true });
    // On the root: a focus that stays inside it is not told outside.
    this.#host.renderRoot.addEventListener("focusin", this.#follow);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("keydown", this.#press, { capture: true });
    this.#host.renderRoot.removeEventListener("focusin", this.#follow);
  }

  hostUpdated(): void {
    this.#mark();
  }

  get #controls(): HTMLElement[] {
    return [...this.#host.renderRoot.querySelectorAll<HTMLElement>(this.#selector)].filter(
      (control) => !control.hidden,
    );
  }

  #mark(): void {
    const controls = this.#controls;
    if (this.#current === undefined || !controls.includes(this.#current)) {
      [this.#current] = controls;
    }
    for (const control of controls) control.tabIndex = control === this.#current ? 0 : -1;
  }

  readonly #follow = (event: Event): void => {
    const target = event.target as HTMLElement;
    if (!target.matches(this.#selector)) return;
    this.#current = target;
    this.#mark();
  };

  readonly #press = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const controls = this.#controls;
    const at = controls.indexOf(event.composedPath()[0] as HTMLElement);
    if (by === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    controls[(at + by + controls.length) % controls.length].focus();
  };
}
