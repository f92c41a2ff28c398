/** A piece is written down whatever the store refuses meanwhile: what is there says it up to some second, and all once there is room. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { pieceOf } from "./chunks.ts";
import { PieceWriting } from "./piece-writing.ts";

const { performance } = fakeJam().session;
const noteAt = (onset: number): Note => ({
  ...{ instrument: 0, pitch: 60, velocity: 90, onset, duration: 4 },
});
const pieceWith = (notes: readonly Note[]) => ({
  ...{ performance, notes, tempos: [{ step: 0, tempo: 120 }], metres: new MetreMap().points },
  record: { orders: [], drawn: 3 * notes.length },
});

/** A log that takes nothing while it is full. */
function fullLog() {
  const log = { chunks: [] as unknown[], isFull: false, refused: 0 };
  const refuse = async () => {
    log.refused++;
    throw new DOMException("no more", "QuotaExceededError");
  };
  const append = async (chunk: unknown) => {
    if (log.isFull) await refuse();
    log.chunks.push(structuredClone(chunk));
  };
  const clear = async () => {
    log.chunks = [];
  };
  return { log, append, clear };
}

describe("writing a piece down", () => {
  it("never says what was not heard, and says all once there is room again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ full: fc.boolean(), settles: fc.boolean() }), { maxLength: 40 }),
        async (seconds) => {
          const { log, ...store } = fullLog();
          const failed: unknown[] = [];
          const writing = new PieceWriting(store, (error) => failed.push(error));
          const notes: Note[] = [];
          const second = () => {
            notes.push(noteAt(8 * notes.length));
            writing.write(pieceWith(notes));
          };
          for (const { full, settles } of seconds) {
            log.isFull = full;
            second();
            if (settles) await writing.done;
            const kept = pieceOf(log.chunks)?.music.notes ?? [];
            expect(kept).toEqual(notes.slice(0, kept.length));
          }
          log.isFull = false;
          for (let rest = 0; rest < 12; rest++) {
            second();
            await writing.done;
          }
          expect(pieceOf(log.chunks)?.music.notes).toEqual(notes);
          expect(failed).toHaveLength(log.refused);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("rests where the store is full, and begins anew with another piece", async () => {
    const { log, ...store } = fullLog();
    const writing = new PieceWriting(store, () => undefined);
    log.isFull = true;
    for (let count = 1; count <= 33; count++) {
      writing.write(pieceWith(Array.from({ length: count }, (_, index) => noteAt(8 * index))));
      await writing.done;
    }
    expect(log.refused).toBe(3);
    log.isFull = false;
    writing.begin();
    writing.write(pieceWith([noteAt(4)]));
    await writing.done;
    expect(pieceOf(log.chunks)?.music.notes).toEqual([noteAt(4)]);
  });
});
