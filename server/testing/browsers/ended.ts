import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Ends a process, if it has not ended, and waits until it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}
