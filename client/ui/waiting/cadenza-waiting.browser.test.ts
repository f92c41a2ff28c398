import { describe, expect, it } from "vitest";
import { sentence } from "#base/remark.ts";
import { FakeSession, READY } from "../testing/fake-session.ts";
import { mount } from "../testing/mount.ts";
import { waitOf } from "./cadenza-waiting.ts";

describe("cadenza-waiting", () => {
  it("shows the bytes of the weights", async () => {
    const session = new FakeSession({
      phase: "loading",
      loading: { loadedBytes: 12_300_000, totalBytes: 41_000_000 },
    });
    const { find } = await mount("cadenza-waiting", { session });
    expect(find(".detail").textContent).toContain("12.3 of 41.0 MB");
    expect(find<HTMLProgressElement>("progress").value).toBeCloseTo(0.3, 5);
  });

  it("says what is waited for, and goes when the music plays", async () => {
    const session = new FakeSession({
      phase: "gathering",
      ahead: 2.3,
      aheadWanted: 9,
      realTimeFactor: 0.8,
    });
    const { find, rendered } = await mount("cadenza-waiting", { session });
    expect(find(".detail").textContent).toBe(
      "2.3 of 9.0 s are ready; this machine composes at 0.8 times real time, " +
        "so much must lie ahead; a lower tempo helps.",
    );
    session.set({ phase: "playing" });
    await rendered();
    expect(find(".panel").hidden).toBe(true);
  });

  it("shows a failure with its remedy, and lets the page be loaded again", async () => {
    const session = new FakeSession({
      phase: "failed",
      message: sentence("No network; connect, reload."),
    });
    const { find } = await mount("cadenza-waiting", { session });
    expect(find(".detail").textContent).toBe("No network; connect, reload.");
    expect(find(".title").getAttribute("role")).toBe("alert");
    expect(find("button").textContent).toBe("Load again");
  });

  it("invites to play before the first note only", () => {
    expect(waitOf(READY, false)?.detail).toBe("Violin leads with drums, at 112 bpm in any key.");
    expect(waitOf(READY, true)).toBeUndefined();
  });

  it("calls no note the first that comes after others", () => {
    const gathering = { ...READY, phase: "gathering" } as const;
    expect(waitOf(gathering, false)?.title).toContain("before the first note");
    expect(waitOf(gathering, true)?.title).toBe("The music waits until more of it is composed");
  });
});
