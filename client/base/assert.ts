/**
 * Our own bugs stop here. What the outside world can cause (files, requests, devices)
 * is a `Failure` instead, with a remedy.
 */

/** An invariant of our own code that did not hold. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Throws `AssertionError` unless `condition`; `message` names the value and what was expected. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a branch that the types rule out. Throws when it is reached all the same. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value ${JSON.stringify(value)}`);
}
