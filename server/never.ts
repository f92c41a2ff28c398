/** Commands and worker threads are ended from outside; nothing inside aborts them. */

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;
