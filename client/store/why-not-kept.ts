/** Why the browser did not keep something: its storage is full, which the person can mend, or something else. */
import { type Remark, remark } from "#base/remark.ts";

/** @param otherwise what is said of any other reason */
export const whyNotKept = (error: unknown, otherwise: Remark): Remark =>
  error instanceof DOMException && error.name === "QuotaExceededError"
    ? remark("storage-full", {})
    : otherwise;
