/**
 * Renders an element anew whenever something it shows has changed, for as long as it is on the
 * page. The source may be set late or replaced: it is looked up at every update.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

interface Observable {
  /** An `Emitter` of whatever type. */
  readonly changed: { on(listener: () => void): () => void };
}

/** Ties one observable to one element. */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Observable | undefined;
  #watched: Observable | undefined;
  #stop: (() => void) | undefined;

  /** @param source is called at each update; undefined while there is nothing to watch yet */
  constructor(host: ReactiveControllerHost, source: () => Observable | undefined) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow(this.#source());
  }

  hostUpdate(): void {
    this.#follow(this.#source());
  }

  hostDisconnected(): void {
    this.#follow(undefined);
  }

  #follow(source: Observable | undefined): void {
    if (source === this.#watched) return;
    this.#stop?.();
    this.#watched = source;
    this.#stop = source?.changed.on(() => this.#host.requestUpdate());
  }
}
