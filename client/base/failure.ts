/**
 * What the outside world can do to us: a broken file, a missing device, a foreign model.
 * The message is one sentence that says what is wrong and what to do about it.
 */

/** Kinds of failure; the server maps each to a status, the command line to an exit status. */
export type FailureKind =
  | "usage" // the caller asked for something that makes no sense
  | "not-found" // what was named does not exist
  | "unreadable" // a file or message is broken or foreign
  | "too-large" // over a stated limit
  | "unsupported" // this browser, machine or model lacks something
  | "unavailable"; // may work later: network, device, load

/** An error caused from outside. `message` is complete for a reader: cause, then remedy. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The text to show for anything that was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
