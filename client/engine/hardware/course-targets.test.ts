import { describe, expect, it } from "vitest";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { courseTargets } from "./course-targets.ts";
import { shownShare, type Target } from "./target.ts";

const targetOf = (targets: readonly Target[], id: string) => {
  const target = targets.find((each) => each.id === `course:${id}`);
  if (target === undefined) throw new Error(`no target ${id}`);
  return target;
};

const press = (target: Target) => {
  if (target.kind === "act") target.act();
  else if (target.kind === "switch") target.flip();
};

describe("targets of the course", () => {
  it("repeat bars and let them go, and show which", async () => {
    const { session, run } = await playingJam(5);
    const targets = courseTargets(session);
    press(targetOf(targets, "repeat:2"));
    run(4);
    expect(session.state.course.layers).toMatchObject([{ kind: "bars", steps: 64 }]);
    expect(shownShare(targetOf(targets, "repeat:1"))).toBe(1);
    press(targetOf(targets, "repeat:1"));
    expect(session.state.course.layers).toEqual([]);
    expect(shownShare(targetOf(targets, "repeat:2"))).toBe(0);
  });

  it("let bars go at a second press, before the bar line at which they were to come", async () => {
    // So soon the music up to the bar line is not there yet; later it is.
    for (const seconds of [0, 0.3]) {
      const { session, run } = await playingJam(5);
      const repeat = targetOf(courseTargets(session), "repeat:1");
      press(repeat);
      run(seconds);
      expect(shownShare(repeat)).toBe(1);
      press(repeat);
      expect(shownShare(repeat)).toBe(0);
      run(4);
      expect(session.state.course.layers).toEqual([]);
    }
  });

  it("go back by bars, ask for something else, and record what was played", async () => {
    const { session, run } = await playingJam(9);
    const targets = courseTargets(session);
    const { index } = session.metres.barAt(session.timeline().step);
    press(targetOf(targets, "back:2"));
    run(4);
    expect(session.state.course.passage?.after).toBe(32 * (index - 2));
    press(targetOf(targets, "another"));
    expect(session.state.course.turn).toBe(1);
    const key = { instrument: 3, pitch: 60 };
    session.keys.press({ ...key, velocity: 90 });
    run(0.3);
    session.keys.release(key);
    run(2);
    press(targetOf(targets, "record:2"));
    run(2.5);
    expect(session.state.course.layers).toMatchObject([{ kind: "recording", steps: 64 }]);
  });

  it("have names and ids of their own", async () => {
    const { session } = await playingJam(1);
    const targets = courseTargets(session);
    for (const what of ["id", "name"] as const)
      expect(new Set(targets.map((target) => target[what])).size).toBe(targets.length);
    for (const target of targets) press(target);
  });
});
