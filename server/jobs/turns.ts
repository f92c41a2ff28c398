/**
 * Whose job runs next. Clients take turns: of those with something to do, the one that waited longest
 * since its last turn. A client has one job running at most, and long jobs never fill every place, so
 * that a short one of somebody else need not wait for them.
 */
import type { JobLimits } from "./limits.ts";

/** What is asked of a job to give it its turn. */
export interface Turn {
  readonly client: string;
  /** Seconds it may take a core. */
  readonly cost: number;
}

/** Remembers who had turns. */
export class Turns {
  readonly #limits: Pick<JobLimits, "running" | "short">;
  /** Clients in the order of their last turns, those with nothing left to do aside. */
  #served: string[] = [];

  constructor(limits: Pick<JobLimits, "running" | "short">) {
    this.#limits = limits;
  }

  /** The job that may begin now, if one may; `waiting` in order of submission. Counts as its client's turn. */
  next<T extends Turn>(waiting: readonly T[], running: readonly Turn[]): T | undefined {
    const { running: places, short } = this.#limits;
    if (running.length >= places) return undefined;
    const long = running.filter(({ cost }) => cost > short).length;
    const longAllowed = long < Math.max(1, places - 1);
    const busy = new Set(running.map(({ client }) => client));
    const firsts = new Map<string, T>();
    for (const job of waiting) {
      if (busy.has(job.client) || firsts.has(job.client)) continue;
      if (job.cost <= short || longAllowed) firsts.set(job.client, job);
    }
    const waited = (client: string) => this.#served.indexOf(client); // -1, never: first of all
    const [next] = [...firsts.values()].sort((a, b) => waited(a.client) - waited(b.client));
    if (next === undefined) return undefined;
    const present = new Set([...waiting, ...running].map(({ client }) => client));
    this.#served = this.#served.filter((client) => client !== next.client && present.has(client));
    this.#served.push(next.client);
    return next;
  }
}
