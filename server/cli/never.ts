/** Commands are ended from outside, by a signal to the process; nothing inside aborts them. */

/** A signal that is never aborted. */
export const NEVER = new AbortController().signal;
