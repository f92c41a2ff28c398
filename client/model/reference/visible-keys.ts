/**
 * The window of decoder.ts's header, written out literally and apart from `KvLayout`, so that the
 * oracle does not share a mistake with what it judges.
 */
import type { Architecture } from "#model/weights/manifest.ts";

/** A key that a query sees: which token it belongs to, and where it is taken to stand. */
export interface VisibleKey {
  readonly token: number;
  readonly position: number;
}

/** What the query of token `query` sees, itself included, in order. */
export function visibleKeys(
  architecture: Architecture,
  prefixLength: number,
  query: number,
): VisibleKey[] {
  const { contextLength, positions } = architecture;
  if (positions === "absolute" || query < contextLength)
    return Array.from({ length: query + 1 }, (_, token) => ({ token, position: token }));
  const windowLength = contextLength - prefixLength;
  const windowStart = query - windowLength + 1;
  const prefix = Array.from({ length: prefixLength }, (_, token) => ({
    token,
    position: windowStart - prefixLength + token,
  }));
  const window = Array.from({ length: windowLength }, (_, i) => ({
    token: windowStart + i,
    position: windowStart + i,
  }));
  return [...prefix, ...window];
}
