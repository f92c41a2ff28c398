/**
 * Which finished jobs are forgotten before their time. Jobs with results give way by number and by
 * bytes, and always those of the client that holds most, so that nobody pushes out what another made;
 * jobs without (cancelled, failed) are counted apart and push out nothing but each other.
 */
import type { JobLimits } from "./limits.ts";

/** What is asked of a finished job. */
export interface Kept {
  readonly client: string;
  /** Bytes of its results. */
  readonly bytes: number;
  /** Whether it has results at all. */
  readonly fruitful: boolean;
}

/** Those of `finished` (oldest first) that must go. */
export function surplus<T extends Kept>(
  finished: readonly T[],
  limits: Pick<JobLimits, "kept" | "bytes">,
): T[] {
  const barren = finished.filter((job) => !job.fruitful);
  const gone = barren.slice(0, Math.max(0, barren.length - limits.kept));
  const fruitful = finished.filter((job) => job.fruitful);
  const sum = (jobs: readonly T[]) => jobs.reduce((bytes, job) => bytes + job.bytes, 0);
  while (fruitful.length > limits.kept || sum(fruitful) > limits.bytes) {
    const measure = sum(fruitful) > limits.bytes ? sum : (jobs: readonly T[]) => jobs.length;
    const clients = [...new Set(fruitful.map(({ client }) => client))];
    const of = (client: string) => fruitful.filter((job) => job.client === client);
    const [holder] = clients.sort((a, b) => measure(of(b)) - measure(of(a)));
    const [oldest] = of(holder);
    fruitful.splice(fruitful.indexOf(oldest), 1);
    gone.push(oldest);
  }
  return gone;
}
