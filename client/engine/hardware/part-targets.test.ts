import { describe, expect, it } from "vitest";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { NATURAL_RANGES } from "#music/rules/natural-ranges.ts";
import { partTargets } from "./part-targets.ts";
import { pieceTargets } from "./piece-targets.ts";
import { shownShare, type Target } from "./target.ts";

const FLUTE = 8;
const DRUMS = 9;

/** A jam, and its targets by the ends of their ids. */
function targets() {
  const { session } = fakeJam();
  const all = [...partTargets(session, FLUTE), ...pieceTargets(session)];
  const target = (id: string): Target => {
    const found = all.find((each) => each.id.endsWith(`:${id}`));
    if (found === undefined) throw new Error(`no target ${id}`);
    return found;
  };
  const move = (id: string, share: number) => {
    const moved = target(id);
    if (moved.kind === "range") moved.move(share);
    else if (moved.kind === "list") moved.choose(Math.floor(share * moved.length()));
    else if (moved.kind === "switch") moved.flip();
  };
  const shown = (id: string) => shownShare(target(id));
  const limits = () => session.state.strips[FLUTE].limits;
  return { session, move, shown, limits };
}

describe("targets of a part", () => {
  it("move its register within itself, and open it again", () => {
    const { move, shown, limits } = targets();
    const [bottom, top] = NATURAL_RANGES[FLUTE];
    expect([shown("lowest"), shown("highest")]).toEqual([0, 1]);
    move("highest", 0.5);
    const middle = Math.round(bottom + (top - bottom) / 2);
    expect(limits()).toEqual({ register: [bottom, middle] });
    move("lowest", 1);
    expect(limits()).toEqual({ register: [middle, middle] });
    move("lowest", 0);
    move("highest", 1);
    expect(limits()).toEqual({});
  });

  it("count its notes, all the way up as they come", () => {
    const { move, shown, limits, session } = targets();
    expect(shown("density")).toBe(1);
    move("density", 0);
    move("polyphony", 0);
    expect([limits(), shown("density")]).toEqual([{ density: 1, polyphony: 1 }, 0]);
    move("density", 1);
    expect(limits()).toEqual({ polyphony: 1 });
    move("pitches", 0.99);
    expect(session.state.strips[FLUTE].pitches).not.toBe("all");
    move("velocities", 0.99);
    expect(session.state.strips[FLUTE].velocities).toBe("upper");
    move("velocities", 0);
    expect(session.state.strips[FLUTE].velocities).toBe("band");
  });

  it("are fewer for the drums, which have no register", () => {
    const { session } = fakeJam();
    expect(partTargets(session, DRUMS).map(({ id }) => id)).toEqual([
      "strip:9:polyphony",
      "strip:9:density",
      "strip:9:velocities",
    ]);
  });
});

describe("targets of the piece", () => {
  it("choose who leads, the metre and the key", () => {
    const { session, move, shown } = targets();
    move("lead", 0.99);
    expect(INSTRUMENTS[session.state.controls.lead]).toBe("Organ");
    move("metre", 0);
    expect(session.state.controls.metre).toEqual({ numerator: 2, denominator: 4 });
    expect(shown("key")).toBe(0);
    move("tonic", 0.5);
    move("scale", 0.1);
    expect(session.state.controls.key).toEqual({ tonic: 6, scale: "minor" });
    move("key", 1);
    expect(session.state.controls.key).toBeUndefined();
  });
});
