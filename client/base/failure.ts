/**
 * What the outside world can do to us: a broken file, a missing device, a foreign model.
 * Where the server and the command line meet it too, it is one sentence that says what is wrong and what to do about
 * it; where only the page does, a remark, whose sentence the page makes.
 */
import { type Remark, remarkKey, sentence } from "./remark.ts";

/** Kinds of failure; the server maps each to a status, the command line to an exit status. */
export type FailureKind =
  | "usage" // the caller asked for something that makes no sense
  | "not-found" // what was named does not exist
  | "unreadable" // a file or message is broken or foreign
  | "too-large" // over a stated limit
  | "unsupported" // this browser, machine or model lacks something
  | "unavailable"; // may work later: network, device, load

/** An error caused from outside. A `message` given as a sentence is complete for a reader: cause, then remedy. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  /** What the person is told. */
  readonly remark: Remark;
  constructor(kind: FailureKind, told: string | Remark, options?: ErrorOptions) {
    super(typeof told === "string" ? told : remarkKey(told), options);
    this.kind = kind;
    this.remark = typeof told === "string" ? sentence(told) : told;
  }
}

/** Letters of what a stranger wrote that stand in a sentence. */
const MOST_QUOTED = 40;

/** What a stranger wrote, as a sentence quotes it: on one line, not for long, and nothing that a terminal would obey. */
export function quoted(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return `"${line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}...` : line}"`;
}

/** Why something cannot be done; undefined where it can. Any other error is thrown on. */
export function failureOf(attempt: () => unknown): Failure | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The text to show for anything that was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What to tell the person of anything that was thrown. */
export const remarkOf = (error: unknown): Remark =>
  error instanceof Failure ? error.remark : sentence(describeError(error));
