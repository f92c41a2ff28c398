import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { ConstraintSettings } from "#music/rules/constraint.ts";
import { DecoderFeed } from "./decoder-feed.ts";
import { PieceHistory } from "./piece-history.ts";

const SETTINGS: ConstraintSettings = { lead: 0, drums: false };
const noteAt = (onset: number) => ({
  instrument: 0,
  pitch: 60,
  velocity: 90,
  onset,
  duration: 4,
});
const pieceOf = (notes: number) =>
  new PieceHistory(
    SETTINGS,
    Array.from({ length: notes }, (_, index) => noteAt(index * 8)),
  );

/** Hands over what is missing, as whoever draws does; returns how many tokens that were. */
async function feed(feeding: DecoderFeed, piece: PieceHistory): Promise<number> {
  const { tokens } = feeding.missing(piece);
  await feeding.decoder.prefill(tokens);
  feeding.took(piece.length);
  return tokens.length;
}

function build(notes: number) {
  const decoder = new FakeDecoder();
  return { decoder, feeding: new DecoderFeed(decoder), piece: pieceOf(notes) };
}

/** What the decoder must hold of a piece whose whole history it took. */
const whole = (piece: PieceHistory) => [...piece.heading.tokens, ...piece.runFrom(3).tokens];

describe("DecoderFeed", () => {
  it("hands over the heading and the history, then what is new alone", async () => {
    const { decoder, feeding, piece } = build(4);
    expect(await feed(feeding, piece)).toBe(3 + 12);
    expect(decoder.tokens).toEqual(whole(piece));
    for (const id of pieceOf(5).runFrom(15).tokens) piece.push(id);
    expect(await feed(feeding, piece)).toBe(3);
    expect(decoder.tokens).toEqual(whole(piece));
  });

  it("always hands over the newest token, since its logits are wanted", async () => {
    const { decoder, feeding, piece } = build(4);
    await feed(feeding, piece);
    expect(await feed(feeding, piece)).toBe(1);
    expect(decoder.tokens).toEqual(whole(piece));
  });

  it("cuts the decoder where the piece went back", async () => {
    const { decoder, feeding, piece } = build(6);
    await feed(feeding, piece);
    piece.retake(24, SETTINGS);
    feeding.cut(piece.length);
    const { taken } = decoder;
    await feed(feeding, piece);
    expect(decoder.taken - taken).toBe(1);
    expect(decoder.tokens).toEqual(whole(piece));
  });

  it("fills anew under another heading, with as much of the newest history as a prefill carries", async () => {
    const { decoder, feeding, piece } = build(200);
    await feed(feeding, piece);
    piece.retake(10_000, { lead: 3, drums: true });
    feeding.cut(0);
    const handed = await feed(feeding, piece);
    expect(handed).toBeLessThanOrEqual(3 + 255);
    expect(handed).toBeGreaterThan(3 + 250);
    expect(decoder.tokens.slice(0, 3)).toEqual(piece.heading.tokens);
    expect(decoder.tokens.slice(3)).toEqual(piece.runFrom(piece.length - handed + 3).tokens);
  });

  it("fills anew where the decoder cannot go back so far", async () => {
    const { decoder, feeding, piece } = build(100);
    await feed(feeding, piece);
    decoder.oldestPosition = 250;
    piece.retake(100, SETTINGS);
    feeding.cut(piece.length);
    await feed(feeding, piece);
    expect(decoder.tokens).toEqual(whole(piece));
  });

  it("shows the model another past from a point on, until the piece goes back before it", async () => {
    const { decoder, feeding, piece } = build(6);
    await feed(feeding, piece);
    const past = piece.runFrom(3 + 12);
    const border = piece.length;
    feeding.recall(piece, past);
    for (const id of pieceOf(8).runFrom(border).tokens) piece.push(id);
    await feed(feeding, piece);
    const after = piece.runFrom(border).tokens;
    expect(decoder.tokens).toEqual([...piece.heading.tokens, ...past.tokens, ...after]);
    piece.retake(16, SETTINGS);
    feeding.cut(piece.length);
    await feed(feeding, piece);
    expect(decoder.tokens).toEqual(whole(piece));
  });
});
