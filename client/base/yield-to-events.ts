/**
 * Lets waiting events (messages, timers) be served between two pieces of work. A resolved promise
 * would not: its reaction runs before any event. `setTimeout(0)` would wait 4 ms once nested.
 */

const { port1, port2 } = new MessageChannel();
let waiting: (() => void)[] = [];

port1.onmessage = () => {
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve();
};
// In Node an open port would keep the process alive.
(port1 as { unref?: () => void }).unref?.();

/** Resolves in a later turn of the event loop. */
export function yieldToEvents(): Promise<void> {
  (port1 as { ref?: () => void }).ref?.();
  return new Promise<void>((resolve) => {
    waiting.push(() => {
      (port1 as { unref?: () => void }).unref?.();
      resolve();
    });
    if (waiting.length === 1) port2.postMessage(undefined);
  });
}
