/** The bounds of a queue: who may hold how much of it, what runs beside what, what is kept. */

const MINUTE = 60 * 1000;
const GIGABYTE = 1024 ** 3;

/** Bounds of a queue; times in milliseconds, costs in seconds of one core. */
export interface JobLimits {
  /** Jobs that may wait while others run. */
  readonly waiting: number;
  /** Jobs of one client that may wait or run. */
  readonly perClient: number;
  /** Jobs that run at once, each of another client. */
  readonly running: number;
  /** What costs more is long: one running place is never given to it. */
  readonly short: number;
  /** Finished jobs with results that are remembered, and as many without; the oldest go first. */
  readonly kept: number;
  /** Bytes of all results. */
  readonly bytes: number;
  /** Bytes of one job's results. */
  readonly jobBytes: number;
  /** How long a finished job and its files stay. */
  readonly keepFor: number;
  /** How long a job may run. */
  readonly runFor: number;
}

export const DEFAULT_LIMITS: JobLimits = {
  waiting: 32,
  perClient: 4,
  running: 2,
  short: 15,
  kept: 64,
  bytes: 2 * GIGABYTE,
  jobBytes: GIGABYTE,
  keepFor: 60 * MINUTE,
  runFor: 30 * MINUTE,
};
