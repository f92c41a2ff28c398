/**
 * A clock that a hidden tab does not slow down: timers of a page in the background fire once a
 * second or less, those of a worker go on. Sends a message every interval it was told.
 */

/** Milliseconds between two ticks, sent once by the page. */
type ToTicker = number;

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToTicker>) => void) | null;
  postMessage(tick: null): void;
};

scope.onmessage = ({ data: interval }) => {
  setInterval(() => scope.postMessage(null), interval);
};
