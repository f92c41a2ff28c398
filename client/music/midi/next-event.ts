/**
 * Finding the next event of a damaged track. A stray or impossible byte says nothing of where the
 * next event begins; that several well-formed ones in a row begin at a place says it well enough.
 */
import type { Cursor } from "./midi-bytes.ts";

/** Well-formed events in a row that make a place believable. */
const EVENTS_AHEAD = 4;

/** Bytes after the damage in which the next event is sought. */
const REACH = 64;

/** A pause longer than this many ticks is taken as misread. */
const LONGEST_PAUSE = 1 << 19;

/** Data bytes of a channel message by the high four bits of its status; 0 for what is none. */
export const dataBytes = (status: number): number => {
  const kind = status >> 4;
  if (kind < 8 || kind > 14) return 0;
  return kind === 12 || kind === 13 ? 1 : 2;
};

/** Offset of the next place from `offset` on where events follow, undefined where none is near. */
export function findEvent(cursor: Cursor, offset: number, status: number): number | undefined {
  for (let at = offset; at < offset + REACH; at++) {
    if (cursor.from(at).ended) return undefined;
    if (eventsFollow(cursor, at, status)) return at;
  }
  return undefined;
}

/** Whether well-formed events follow from an offset on, each after its pause, to the track's end or for a while. */
export function eventsFollow(cursor: Cursor, offset: number, running: number): boolean {
  const ahead = cursor.from(offset);
  let status = running;
  for (let count = 0; count < EVENTS_AHEAD && !ahead.ended; count++) {
    if (ahead.variableLength() > LONGEST_PAUSE || ahead.ended) return false;
    const first = ahead.peek();
    if (first < 0xf0) {
      if (first >= 0x80) status = ahead.byte();
      if (status === 0) return false;
      for (let data = dataBytes(status); data > 0; data--) {
        if (ahead.ended || ahead.byte() > 127) return false;
      }
      continue;
    }
    ahead.advance(1);
    if (first === 0xff) {
      const type = ahead.byte();
      const length = ahead.variableLength();
      if (type === 0x2f && length === 0) return true;
      if (type > 127 || length > ahead.left) return false;
      ahead.advance(length);
    } else if (first === 0xf0 || first === 0xf7) {
      const length = ahead.variableLength();
      if (length > ahead.left) return false;
      ahead.advance(length);
    } else if (first < 0xf8) {
      return false;
    }
  }
  return true;
}
