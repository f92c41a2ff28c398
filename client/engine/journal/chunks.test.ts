import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compositionSettings, withControls } from "#engine/jam/performance.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { type Chunk, ChunkWriter, type PieceInPlay, pieceOf } from "./chunks.ts";
import type { Order } from "./recorded-source.ts";

const { performance } = fakeJam().session;
const noteAt = (onset: number): Note => ({
  ...{ instrument: 0, pitch: 60, velocity: 90, onset, duration: 4 },
});
const orderOf = (index: number): Order => ({
  ...{ drawn: 3 * index, step: 8 * index },
  settings: compositionSettings(performance, new MetreMap()),
});
const pieceWith = (notes: readonly Note[], drawn = 3 * notes.length): PieceInPlay => ({
  performance,
  notes,
  tempos: [{ step: 0, tempo: 120 }],
  metres: new MetreMap().points,
  record: { orders: [], drawn },
});

describe("chunks", () => {
  it("hold only what is new, and nothing where nothing was heard", () => {
    const writer = new ChunkWriter();
    const notes = [0, 8, 16].map(noteAt);
    expect(writer.next(pieceWith([]))).toBeUndefined();
    expect(writer.next(pieceWith(notes.slice(0, 2)))?.notes).toEqual({
      from: 0,
      items: notes.slice(0, 2),
    });
    expect(writer.next(pieceWith(notes.slice(0, 2)))).toBeUndefined();
    expect(writer.next(pieceWith(notes))?.notes).toEqual({ from: 2, items: [notes[2]] });
    // A stop cut the last note short.
    const cut = [...notes.slice(0, 2), { ...notes[2], duration: 1 }];
    expect(writer.next(pieceWith(cut))?.notes).toEqual({ from: 2, items: [cut[2]] });
  });

  it("write a tempo once, however long the piece, and the last of them again where it is set anew", () => {
    const writer = new ChunkWriter();
    const tempos = [{ step: 0, tempo: 120 }];
    const at = (count: number) =>
      writer.next({ ...pieceWith([0, 8, 16].map(noteAt).slice(0, count)), tempos });
    const first = at(1);
    tempos.push({ step: 4, tempo: 121 }, { step: 8, tempo: 122 });
    const second = at(2);
    tempos.pop();
    tempos.push({ step: 8, tempo: 90 });
    const third = at(3);
    expect(second?.tempos).toEqual({
      from: 1,
      items: [
        { step: 4, tempo: 121 },
        { step: 8, tempo: 122 },
      ],
    });
    expect(third?.tempos).toEqual({ from: 2, items: [{ step: 8, tempo: 90 }] });
    expect(pieceOf([first, second, third])?.music.tempos).toEqual(tempos);
  });

  it("say together what was heard, however it grew and was cut", () => {
    const act = fc.record({
      cut: fc.integer({ min: 0, max: 5 }),
      more: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 30 }), (acts) => {
        const writer = new ChunkWriter();
        const chunks: Chunk[] = [];
        let notes: Note[] = [];
        for (const { cut, more } of acts) {
          notes = notes.slice(0, Math.max(0, notes.length - cut));
          for (let i = 0; i < more; i++) notes.push(noteAt(8 * notes.length));
          const chunk = writer.next(pieceWith(notes));
          if (chunk !== undefined) chunks.push(JSON.parse(JSON.stringify(chunk)));
        }
        expect(pieceOf(chunks)?.music.notes ?? []).toEqual(canonicalNotes(notes));
      }),
    );
  });

  it("write orders and what is set once, and say them again whole", () => {
    const writer = new ChunkWriter();
    const notes = Array.from({ length: 6 }, (_, index) => noteAt(8 * index));
    const { settings } = orderOf(0);
    const orders: Order[] = [];
    const sizes: number[] = [];
    const chunks = notes.map((_, index) => {
      const laid = Array.from({ length: index }, (_, at) => ({
        bar: 8 * at,
        at: 0,
        loop: [],
        drawn: {},
      }));
      orders.push({ ...orderOf(index), settings: { ...settings, chart: { laid } } });
      const piece = pieceWith(notes.slice(0, index + 1));
      const record = { orders: [...orders], drawn: 3 * index };
      const set = withControls(performance, { temperature: 0.5 + index / 10 });
      const chunk = writer.next({ ...piece, record, performance: set });
      sizes.push(JSON.stringify(chunk).length);
      return structuredClone(chunk);
    });
    const left = pieceOf(chunks);
    expect(left?.record).toEqual({ orders, drawn: 15 });
    expect(left?.performance).toEqual(withControls(performance, { temperature: 1 }));
    expect(sizes[0]).toBeGreaterThan(2000);
    expect(Math.max(...sizes.slice(1))).toBeLessThan(800);
  });

  it("say the piece up to one that was lost, and all of it once a writer began anew", () => {
    const notes = [0, 8, 16, 24].map(noteAt);
    const written = (writer: ChunkWriter, count: number) =>
      writer.next(pieceWith(notes.slice(0, count)));
    const writer = new ChunkWriter();
    const [first, , third] = [1, 2, 3].map((count) => written(writer, count));
    const heard = (chunks: readonly unknown[]) => pieceOf(chunks)?.music.notes;
    expect(heard([first, third])).toEqual(notes.slice(0, 1));
    expect(heard([first, third, written(new ChunkWriter(), 4)])).toEqual(notes);
  });

  it("of another version, or of nothing heard, say no piece", () => {
    expect(pieceOf([])).toBeUndefined();
    expect(pieceOf([{ notes: [] }])).toBeUndefined();
    expect(pieceOf(["?"])).toBeUndefined();
  });
});
