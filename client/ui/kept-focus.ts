/**
 * Keeps a keyboard's place: where the button that was pressed goes away (there is room now, a search has begun), what stands
 * in its place has the focus, and not the whole page.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

const FOCUSABLE = "button, input, select, textarea, summary, [tabindex]";

/** Looks at its host's elements before and after each rendering. */
export class KeptFocus implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** What could be focused before, and which of them was. */
  #before: readonly HTMLElement[] = [];
  #at = -1;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const active = this.#host.shadowRoot?.activeElement;
    this.#before = active instanceof HTMLElement ? this.#focusable() : [];
    this.#at = active instanceof HTMLElement ? this.#before.indexOf(active) : -1;
  }

  hostUpdated(): void {
    const active = this.#before[this.#at];
    if (active === undefined || (active.isConnected && active.checkVisibility())) return;
    const now = this.#focusable();
    const above = this.#before.slice(0, this.#at).findLast((element) => now.includes(element));
    const place = above === undefined ? 0 : now.indexOf(above) + 1;
    (now[place] ?? above)?.focus();
  }

  #focusable(): HTMLElement[] {
    const all = this.#host.shadowRoot?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [];
    return [...all].filter((element) => element.checkVisibility());
  }
}
