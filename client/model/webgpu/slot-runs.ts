/**
 * What a query sees, as at most three runs of slots: the pinned prefix, once it has to be met with another rotation;
 * the ring up to its end; the ring from its start. Of all that, those positions which one place keeps: a cache, or
 * the past that sequences share, or what one of them took since.
 */
import type { KvLayout } from "#model/window/kv-layout.ts";

/** Runs of a query. */
export const RUNS = 3;

/** Where some of the positions are kept. */
export interface SlotPlace {
  /** The first position kept here, and one past the last. */
  readonly first: number;
  readonly end: number;
  readonly slotOf: (position: number) => number;
  /** Behind slot `capacity - 1` comes the first of the ring. */
  readonly capacity: number;
}

/** All positions, where the layout puts them. */
export const wholeCache = (layout: KvLayout): SlotPlace => ({
  first: 0,
  end: Number.POSITIVE_INFINITY,
  slotOf: (position) => layout.slotOf(position),
  capacity: layout.capacity,
});

/** From and to of each run, (RUNS, 2); from = to = 0 where a run is empty. The first has the prefix's rotation. */
export function slotRuns(layout: KvLayout, position: number, place: SlotPlace): number[] {
  const kept = (from: number, to: number) => {
    const first = Math.max(from, place.first);
    const count = Math.max(0, Math.min(to, place.end) - first);
    return { from: count > 0 ? place.slotOf(first) : 0, count };
  };
  // Positions up to the context's end lie in one row, the prefix included.
  const apart = layout.prefixQueryPosition(position) !== position;
  const prefix = kept(0, apart ? layout.prefixCount(position) : 0);
  const { from, count } = kept(apart ? layout.windowStart(position) : 0, position + 1);
  const end = Math.min(from + count, place.capacity);
  const wrapped = from + count - end;
  const second = wrapped > 0 ? [layout.pinned, layout.pinned + wrapped] : [0, 0];
  return [prefix.from, prefix.from + prefix.count, from, end, ...second];
}
