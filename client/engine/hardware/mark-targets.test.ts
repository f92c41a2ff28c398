/** Pads keep what sounds and bring it back; a pad belongs to a place in the row, whatever mark stands there. */
import { describe, expect, it } from "vitest";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { MOST_MARKS, withoutMark } from "#music/chart/player-chart.ts";
import { courseTargets } from "./course-targets.ts";
import { markTarget, markTargets } from "./mark-targets.ts";
import { shownShare, type Target } from "./target.ts";

/** Presses the target of an id. */
function press(targets: readonly Target[], id: string): Target {
  const target = targets.find((each) => each.id === id);
  if (target?.kind !== "act") throw new Error(`no act ${id}`);
  target.act();
  return target;
}

describe("targets of marks", () => {
  it("keep the section, bring bars back note for note or anew, and show where there are any", async () => {
    const { session, run } = await playingJam(9);
    const targets = [...courseTargets(session), ...markTargets(session)];
    const first = press(targets, markTarget(0, "once"));
    expect([shownShare(first), session.state.course.passage]).toEqual([0, undefined]);
    expect(session.state.chart.cue).toBeUndefined();
    press(targets, "course:keep:2");
    run(2.5);
    expect(shownShare(first)).toBe(1);
    press(targets, markTarget(0, "round"));
    const { name, heard } = session.state.chart.marks[0];
    expect(session.state.chart.cue).toEqual({ section: name, on: "bar" });
    expect(session.state.course.layers).toMatchObject([{ kind: "bars", steps: heard?.steps }]);
    press(targets, markTarget(0, "once"));
    expect(session.state.course).toMatchObject({ layers: [], passage: { steps: 64 } });
    press(targets, "mark:section");
    run(2.5);
    press(targets, markTarget(1, "anew"));
    expect(session.state.chart.cue).toEqual({ section: "Mark 1", on: "bar" });
    session.charting.write((chart) => withoutMark(chart, name));
    press(targets, markTarget(0, "anew"));
    expect(session.state.chart.cue?.section).toBe("Mark 1");
  });

  it("have names and ids of their own, for as many marks as a chart keeps", async () => {
    const { session } = await playingJam(1);
    const targets = markTargets(session);
    expect(targets).toHaveLength(1 + 3 * MOST_MARKS);
    for (const what of ["id", "name"] as const)
      expect(new Set(targets.map((target) => target[what])).size).toBe(targets.length);
  });
});
