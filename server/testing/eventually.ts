/** Waiting in tests, with patience for a machine that does other things as well. */
import { vi } from "vitest";

/** Repeats `check` until it throws no more; fails with its last error after `timeout` milliseconds. */
export const eventually = (check: () => void | Promise<void>, timeout = 10_000): Promise<void> =>
  vi.waitFor(check, { timeout, interval: 20 });
