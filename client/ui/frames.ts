/**
 * One animation loop for the whole surface. It runs only while somebody listens and the page is
 * visible, so that a stopped or hidden instrument costs nothing.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

const listeners = new Set<() => void>();
let handle = 0;

function tick(): void {
  handle = 0;
  for (const listener of [...listeners]) listener();
  schedule();
}

function schedule(): void {
  if (handle === 0 && listeners.size > 0 && !document.hidden) handle = requestAnimationFrame(tick);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    cancelAnimationFrame(handle);
    handle = 0;
  } else schedule();
});

/** Calls `listener` before every frame until the function returned is called. */
export function onFrame(listener: () => void): () => void {
  listeners.add(listener);
  schedule();
  return () => listeners.delete(listener);
}

/** Whether a frame is due: false once nobody listens or the page is hidden. */
export const framesRunning = (): boolean => handle !== 0 && listeners.size > 0;

/** Draws an element before every frame while `wanted()` holds; asked anew at every update. */
export class FrameWatch implements ReactiveController {
  readonly #wanted: () => boolean;
  readonly #draw: () => void;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, wanted: () => boolean, draw: () => void) {
    this.#wanted = wanted;
    this.#draw = draw;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#run(this.#wanted());
  }

  hostDisconnected(): void {
    this.#run(false);
  }

  #run(on: boolean): void {
    if (on === (this.#stop !== undefined)) return;
    this.#stop?.();
    this.#stop = on
      ? onFrame(() => {
          if (!this.#wanted()) this.#run(false);
          this.#draw();
        })
      : undefined;
  }
}
