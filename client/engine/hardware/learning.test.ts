/** Learning a controller: what its controls are found to be, taking over softly, files, and what it is shown. */
import { array, assert as check, constantFrom, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { ControlReader } from "./control-reader.ts";
import { encodingOf, turnOf } from "./control-source.ts";
import { Feedback, LIGHTS } from "./feedback.ts";
import { heardMessage } from "./heard-message.ts";
import { outputOf, programmerMode } from "./launchpad.ts";
import { Learning } from "./learning.ts";
import { MappingBoard } from "./mapping.ts";
import { keptMappings, readMappings, writeMappings } from "./mapping-file.ts";
import { Remote } from "./remote.ts";
import { REACH, Takeover } from "./takeover.ts";
import type { Target } from "./target.ts";

const RELATIVE = ["two's complement", "offset", "sign"] as const;

/** The value that turns by `steps` (-63 to 63): the inverse of `turnOf`. */
function valueOfTurn(steps: number, encoding: (typeof RELATIVE)[number]): number {
  switch (encoding) {
    case "two's complement":
      return steps < 0 ? steps + 128 : steps;
    case "offset":
      return steps + 64;
    case "sign":
      return steps < 0 ? 64 - steps : steps;
  }
}

/** A stage of four targets, and a controller. */
function stage() {
  const state = { level: 0.5, on: false, acted: 0, chosen: [] as number[] };
  const named = (id: string) => ({ id, name: id, group: "" });
  const targets: Target[] = [
    {
      ...{ kind: "range", ...named("level") },
      share: () => state.level,
      move: (share) => {
        state.level = share;
      },
    },
    {
      ...{ kind: "range", ...named("coarse") },
      share: () => Math.round(state.level * 6) / 6,
      move: (share) => {
        state.level = Math.round(share * 6) / 6;
      },
    },
    {
      ...{ kind: "switch", ...named("switch") },
      isOn: () => state.on,
      flip: () => {
        state.on = !state.on;
      },
    },
    { ...{ kind: "act", ...named("act") }, act: () => state.acted++ },
    {
      ...{ kind: "list", ...named("list") },
      length: () => 4,
      choose: (index) => state.chosen.push(index),
    },
  ];
  const byId = new Map(targets.map((target) => [target.id, target]));
  const board = new MappingBoard();
  const learning = new Learning(board);
  const remote = new Remote(board, byId);
  const feedback = new Feedback(board, byId, () => LIGHTS.launchpad);
  const reader = new ControlReader();
  const hear = (...data: readonly number[]) => {
    const message = heardMessage(data);
    const moves = message === undefined ? [] : reader.read(message);
    feedback.hear("Knobs", moves);
    return learning.hear("Knobs", moves) || remote.hear("Knobs", moves);
  };
  const learn = (target: string, ...messages: readonly (readonly number[])[]) => {
    learning.start();
    learning.choose(target);
    for (const data of messages) hear(...data);
    learning.end();
    return board.of(target);
  };
  return { state, board, learning, feedback, hear, learn };
}

describe("an encoding", () => {
  it.each(RELATIVE)("of %s is found by turning right, then left", (encoding) => {
    const turns = array(integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 20 });
    check(
      property(turns, turns, (right, left) => {
        const steps = [1, ...right, 1, 1, ...left.map((turn) => -turn), -1, -1];
        const values = steps.map((turn) => valueOfTurn(turn, encoding));
        expect(encodingOf(values)).toBe(encoding);
        expect(values.map((value) => turnOf(value, encoding))).toEqual(steps);
      }),
    );
  });

  it("of a control with ends is absolute, wherever and however fast it is moved", () => {
    check(
      property(array(integer({ min: 0, max: 127 }), { minLength: 1 }), (values) => {
        const moved = values.filter((value, index) => value !== values[index - 1]);
        expect(encodingOf(moved)).toBe("absolute");
      }),
    );
  });
});

describe("taking over", () => {
  it("never makes a target jump further than 3/128 or over where it was, until it has hold", () => {
    const share = double({ min: 0, max: 1, noNaN: true });
    check(
      property(share, array(share, { minLength: 1 }), (target, moves) => {
        const takeover = new Takeover();
        let present = target;
        let before: number | undefined;
        let held = false;
        for (const move of moves) {
          const took = takeover.takes(move, present);
          const passed = before !== undefined && (before - present) * (move - present) <= 0;
          if (!held) expect(took).toBe(passed || Math.abs(move - present) <= REACH);
          else expect(took).toBe(true);
          if (took) {
            present = move;
            takeover.left(move);
            held = true;
          }
          before = move;
        }
      }),
    );
  });

  it("begins anew where something else moved the target away", () => {
    const { state, learn, hear } = stage();
    learn("level", [0xb0, 20, 64]);
    hear(0xb0, 20, 65);
    expect(state.level).toBeCloseTo(65 / 127, 6);
    state.level = 0.9;
    hear(0xb0, 20, 70);
    expect(state.level).toBe(0.9);
    hear(0xb0, 20, 120); // past it
    expect(state.level).toBeCloseTo(120 / 127, 6);
  });
});

describe("learning", () => {
  it("takes the control that is moved, on the device that it is on, and swallows it meanwhile", () => {
    const { state, board, learning, hear, learn } = stage();
    expect(learn("level", [0xb2, 20, 64])).toEqual({
      ...{ target: "level", device: "Knobs", encoding: "absolute" },
      source: { kind: "controller", channel: 2, number: 20 },
    });
    expect(state.level).toBe(0.5);
    learning.start();
    hear(0xb2, 21, 3); // nothing is chosen yet
    learning.choose("act");
    hear(0x92, 36, 100);
    hear(0x82, 36, 0);
    hear(0x92, 37, 100); // the first one counts
    expect(board.of("act")?.source).toEqual({ kind: "pad", channel: 2, number: 36 });
    expect(state.acted).toBe(0);
    learning.end();
    expect(learning.state).toEqual({ on: false, target: undefined });
    hear(0x92, 36, 100);
    hear(0x82, 36, 0);
    expect(state.acted).toBe(1);
  });

  it("finds 14 bits by pairs, by unregistered parameters and by bends", () => {
    const { state, hear, learn } = stage();
    const pair = learn("level", [0xb0, 20, 64], [0xb0, 52, 0], [0xb0, 20, 64], [0xb0, 52, 9]);
    expect(pair?.source).toEqual({ kind: "pair", channel: 0, number: 20 });
    for (const low of [1, 2, 3]) {
      hear(0xb0, 20, 64);
      hear(0xb0, 52, low);
      expect(state.level).toBeCloseTo((64 * 128 + low) / 16383, 6);
    }
    const parameter = learn("level", [0xb0, 99, 2], [0xb0, 98, 5], [0xb0, 6, 64], [0xb0, 38, 1]);
    expect(parameter?.source).toEqual({ kind: "parameter", channel: 0, number: 261 });
    hear(0xb0, 6, 64);
    hear(0xb0, 38, 77);
    expect(state.level).toBeCloseTo((64 * 128 + 77) / 16383, 6);
    expect(learn("level", [0xe3, 0, 64])?.source).toMatchObject({ kind: "bend", channel: 3 });
  });

  it.each(RELATIVE)("finds knobs without ends, in %s; small turns add up", (encoding) => {
    const { state, hear, learn } = stage();
    const turn = (steps: number) => [0xb0, 30, valueOfTurn(steps, encoding)];
    const found = learn("coarse", turn(1), turn(1), turn(2), turn(-1), turn(-1));
    expect(found?.encoding).toBe(encoding);
    state.level = 0.5;
    for (let i = 0; i < 16; i++) hear(...turn(1));
    expect(state.level).toBeCloseTo(4 / 6, 6);
    for (let i = 0; i < 90; i++) hear(...turn(-1));
    expect(state.level).toBe(0);
    hear(...turn(32));
    expect(state.level).toBeCloseTo(2 / 6, 6);
  });

  it("says what else a control moves, and replaces what a target had", () => {
    const { state, board, hear, learn } = stage();
    learn("level", [0xb0, 20, 64]);
    const second = learn("switch", [0xb0, 20, 64])!;
    expect(board.sharing(second)).toEqual(["level"]);
    hear(0xb0, 20, 0);
    hear(0xb0, 20, 127);
    expect(state).toMatchObject({ on: true, level: 1 });
    learn("switch", [0x90, 40, 100]);
    expect(board.sharing(board.of("level")!)).toEqual([]);
    expect(board.state).toHaveLength(2);
    board.forget("switch");
    expect(hear(0x90, 40, 100)).toBe(false);
  });

  it("lets programs act, or choose from a list", () => {
    const { state, hear, learn } = stage();
    learn("act", [0xc0, 5]);
    learn("list", [0xc1, 0]);
    hear(0xc0, 4);
    hear(0xc0, 5);
    hear(0xc0, 5);
    for (const program of [2, 3, 3, 90]) hear(0xc1, program);
    expect(state).toMatchObject({ acted: 2, chosen: [2, 3, 3] });
  });
});

describe("mappings", () => {
  it("come back from a file and from the store", () => {
    const { board, learn } = stage();
    learn("level", [0xb0, 20, 64]);
    learn("act", [0x93, 36, 100]);
    const knows = () => true;
    expect(readMappings(writeMappings(board.state), knows)).toEqual(board.state);
    expect(keptMappings(JSON.parse(JSON.stringify([...board.state, 3])))).toEqual(board.state);
    expect(keptMappings("x")).toBeUndefined();
  });

  it.each([
    ["{", /no JSON/],
    ["[]", /"format"/],
    ['{"format":"cadenza-controllers","version":9}', /version is not 1/],
    ['{"format":"cadenza-controllers","version":1}', /no list/],
    [
      '{"format":"cadenza-controllers","version":1,"mappings":[{"target":"x"}]}',
      /1 names no device/,
    ],
  ])("of %s are refused with what is wrong", (text, why) => {
    const read = () => readMappings(text, () => true);
    expect(read).toThrow(Failure);
    expect(read).toThrow(why);
  });

  it("of a target that is not here are refused", () => {
    const { board, learn } = stage();
    learn("level", [0xb0, 20, 64]);
    expect(() => readMappings(writeMappings(board.state), () => false)).toThrow(/"level"/);
  });
});

describe("what a controller is shown", () => {
  it("is what changed elsewhere, and not what the hand moved there", () => {
    const { state, feedback, hear, learn } = stage();
    learn("level", [0xb0, 20, 64]);
    learn("switch", [0x90, 40, 100]);
    const data = () => feedback.messages().map((message) => message.data);
    expect(data()).toEqual([[0x90, 40, 1]]);
    hear(0xb0, 20, 66);
    expect(data()).toEqual([]);
    hear(0x90, 40, 100);
    expect(data()).toEqual([[0x90, 40, 21]]);
    state.level = 1;
    expect(data()).toEqual([[0xb0, 20, 127]]);
    feedback.forget("Knobs");
    expect(data()).toHaveLength(2);
  });

  it("has 14 bits where its control has", () => {
    const { state, feedback, learn } = stage();
    learn("level", [0xb0, 20, 64], [0xb0, 52, 0]);
    state.level = 1;
    const data = feedback.messages().map((message) => message.data);
    expect(data).toEqual([
      [0xb0, 20, 127],
      [0xb0, 52, 127],
    ]);
  });

  it("finds a device's output and puts Launchpads into programmer mode", () => {
    const outputs = ["LPX MIDI Out", "nanoKONTROL2"];
    expect(outputOf("LPX MIDI In", outputs)).toBe("LPX MIDI Out");
    expect(outputOf("nanoKONTROL2", outputs)).toBe("nanoKONTROL2");
    expect(outputOf("Keys", outputs)).toBeUndefined();
    const modes = ["LPX MIDI Out", "Launchpad Mini MK3 MIDI 2", "Keys"].map(
      (port) => programmerMode(port, true)?.[5],
    );
    expect(modes).toEqual([0x0c, 0x0d, undefined]);
    check(
      property(constantFrom("Launchpad X", "LPMiniMK3 MIDI"), (port) => {
        expect(programmerMode(port, false)?.slice(-2)).toEqual([0, 0xf7]);
      }),
    );
  });
});
