/** Pads call sections of the chart; a pad belongs to a place in the row, whatever section stands there. */
import { describe, expect, it } from "vitest";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { withText } from "#music/chart/player-chart.ts";
import { sectionNames } from "#music/chart/section-names.ts";
import { CALLED_SECTIONS, sectionTarget, sectionTargets } from "./section-targets.ts";
import { shownShare } from "./target.ts";

/** A jam with its targets, of which one is pressed by its id. */
async function padded() {
  const { session, run } = await playingJam(3);
  const targets = sectionTargets(session);
  const of = (id: string) => {
    const target = targets.find((each) => each.id === id);
    if (target?.kind !== "act") throw new Error(`no act ${id}`);
    return target;
  };
  return { session, run, targets, of };
}

describe("targets of sections", () => {
  it("call what is typed at the next bar or phrase, and show where there is something", async () => {
    const { session, run, of } = await padded();
    session.charting.write((chart) => withText(chart, "[verse] Am F [chorus] C G", undefined));
    run(5);
    of(sectionTarget(1, "bar")).act();
    expect(session.state.chart.cue).toEqual({ section: "chorus", on: "bar" });
    run(5);
    const { ordered } = session.charting;
    const at = session.metres.barAt(session.timeline().step).index;
    const labels = [at - 1, at, at + 1].map((bar) => ordered.sectionAt(bar)?.label);
    expect(labels).toContain("chorus");
    of(sectionTarget(0, "phrase")).act();
    expect(session.state.chart.cue).toEqual({ section: "verse", on: "phrase" });
    of(sectionTarget(undefined, "bar")).act();
    expect(session.state.chart.cue).toEqual({ on: "bar" });
    const { cue } = session.state.chart;
    of(sectionTarget(2, "bar")).act();
    expect(session.state.chart.cue).toBe(cue);
    const lights = [undefined, 0, 1, 2].map((place) => shownShare(of(sectionTarget(place, "bar"))));
    expect(lights).toEqual([1, 1, 1, 0]);
  });

  it("call the arranger's sections where nothing is typed", async () => {
    const { session, of } = await padded();
    const names = sectionNames(session.state.chart, session.charting.ordered);
    of(sectionTarget(1, "bar")).act();
    expect(session.state.chart.cue).toEqual({ section: names[1], on: "bar" });
    expect(shownShare(of(sectionTarget(undefined, "bar")))).toBe(0);
  });

  it("have names and ids of their own", async () => {
    const { targets } = await padded();
    expect(targets).toHaveLength(2 * (1 + CALLED_SECTIONS));
    for (const what of ["id", "name"] as const)
      expect(new Set(targets.map((target) => target[what])).size).toBe(targets.length);
  });
});
