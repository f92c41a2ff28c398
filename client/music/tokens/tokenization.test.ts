/** What composing relies on, for each tokenization. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { piece } from "#music/testing/arbitraries.ts";
import { allegroAt, GRID32, sequenceShape, tokenizationOf } from "./tokenization.ts";
import { OUTRO, VOCABULARY_SIZE } from "./vocabulary.ts";

describe.each([GRID32, allegroAt(97)])("tokenization $name", (tokenization) => {
  it("is found by its name", () => {
    expect(tokenizationOf(tokenization.name, 97).name).toBe(tokenization.name);
  });

  it("has one shape of sequences at any tempo", () => {
    const { prefixLength, period } = tokenization;
    expect(sequenceShape(tokenization.name)).toEqual({ prefixLength, period });
  });

  it("begins a piece with its heading", () => {
    const heading = tokenization.heading(5, true);
    expect(heading).toHaveLength(tokenization.prefixLength);
    expect(tokenization.tokenize({ lead: 5, drums: true, notes: [] }).tokens).toEqual(heading);
    expect(tokenization.detokenize(heading)).toEqual({ lead: 5, drums: true, notes: [] });
  });

  it("reads its own tokens as the notes they decode to, and says where events begin", () => {
    fc.assert(
      fc.property(piece, (original) => {
        const { tokens } = tokenization.tokenize(original);
        const grammar = tokenization.grammar();
        const notes = [];
        let begins: number | undefined;
        for (const [index, id] of tokens.entries()) {
          const before = grammar.inEvent;
          const note = grammar.push(id);
          if (!before && grammar.inEvent) begins = index;
          if (note === undefined) continue;
          expect(grammar.inEvent).toBe(false);
          expect(grammar.onset).toBe(note.onset);
          expect(begins).toBeGreaterThanOrEqual(tokenization.prefixLength);
          notes.push(note);
        }
        expect(notes).toEqual(tokenization.detokenize(tokens).notes);
      }),
      { numRuns: 100 },
    );
  });

  it("goes on at the beginning of any event from what was read before", () => {
    fc.assert(
      fc.property(piece, fc.nat(), (original, place) => {
        const { tokens } = tokenization.tokenize(original);
        const all = tokenization.grammar();
        const cuts: number[] = [];
        for (const [index, id] of tokens.entries()) {
          if (!all.inEvent && index >= tokenization.prefixLength) cuts.push(index);
          all.push(id);
        }
        fc.pre(cuts.length > 0);
        const cut = cuts[place % cuts.length];
        const part = tokenization.grammar();
        for (const id of tokens.slice(0, cut)) part.push(id);
        const other = part.clone();
        for (const id of tokens.slice(cut)) expect(other.push(id)).toEqual(part.push(id));
        const masks = [all, part, other].map((grammar) => {
          const mask = new Uint8Array(VOCABULARY_SIZE);
          grammar.fillMask(mask);
          return mask;
        });
        expect(masks[1]).toEqual(masks[0]);
        expect(masks[2]).toEqual(masks[0]);
        expect(masks[0][OUTRO]).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
