import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Grammar } from "#music/rules/grammar.ts";
import { piece } from "#music/testing/arbitraries.ts";
import { detokenize, tokenize } from "./tokenizer.ts";
import { durationToken, noteToken, OUTRO, START, timeToken } from "./vocabulary.ts";

const HEADING = [START, 3074, 3075];

describe("tokenizer", () => {
  it("notes -> tokens -> notes is the identity on the grid", () => {
    fc.assert(
      fc.property(piece, (original) => {
        const { tokens, clampedDeltas, clampedDurations } = tokenize(original);
        expect(clampedDurations).toBe(0);
        fc.pre(clampedDeltas === 0); // merging notes may lengthen a rest past what a token says
        expect(detokenize(tokens)).toEqual(original);
      }),
      { numRuns: 500 },
    );
  });

  it("tokens -> notes -> tokens is the identity on what the grammar accepts", () => {
    fc.assert(
      fc.property(piece, (original) => {
        const { tokens } = tokenize(original);
        const grammar = new Grammar();
        for (const id of tokens) grammar.push(id);
        expect(tokenize(detokenize(tokens)).tokens).toEqual(tokens);
      }),
      { numRuns: 500 },
    );
  });

  it("clamps and counts what the grid cannot hold", () => {
    const note = { instrument: 0, pitch: 60, velocity: 90, duration: 4, onset: 0 };
    const result = tokenize({
      lead: 0,
      drums: false,
      notes: [
        { ...note, duration: 400 },
        { ...note, onset: 500 },
      ],
    });
    expect(result).toMatchObject({ clampedDeltas: 1, clampedDurations: 1 });
    expect(detokenize(result.tokens).notes).toMatchObject([
      { onset: 0, duration: 127 },
      { onset: 255, duration: 4 },
    ]);
  });

  it("reads the first of several pieces", () => {
    const tokens = [...HEADING, timeToken(0), durationToken(4, 5), noteToken(0, 60), ...HEADING];
    expect(detokenize(tokens).notes).toHaveLength(1);
  });

  it.each([
    ["nothing", []],
    ["no heading", [0, 260, 1300]],
    ["a heading cut short", [START, 3074]],
    ["an event cut short", [...HEADING, 0, durationToken(4, 5)]],
    ["tokens out of order", [...HEADING, noteToken(0, 60), 0, durationToken(4, 5)]],
    ["a duration of 0", [...HEADING, 0, durationToken(0, 5), noteToken(0, 60)]],
    ["a chord counter", [...HEADING, 2816]],
    ["an id outside", [...HEADING, 3088]],
    ["no number", [...HEADING, Number.NaN]],
    ["an outro inside an event", [...HEADING, 0, OUTRO]],
  ])("refuses %s with the place", (_, tokens) => {
    expect(() => detokenize(tokens)).toThrow(/token/i);
  });
});
