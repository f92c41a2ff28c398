import { describe, expect, it } from "vitest";
import { FakeStudio, trackOf } from "../testing/fake-studio.ts";
import { mount } from "../testing/mount.ts";
import "./cadenza-tracks.ts";

describe("cadenza-tracks", () => {
  it("lists the tracks and clears them", async () => {
    const studio = new FakeStudio();
    const { find, element, rendered } = await mount("cadenza-tracks", { studio });
    expect(find(".empty").textContent).toContain("Tracks appear here");
    studio.set({
      tracks: [trackOf({ name: "violin-7-1", status: "done" }), trackOf({ name: "violin-7-2" })],
      listening: "violin-7-1",
    });
    await rendered();
    const tracks = [...element.shadowRoot!.querySelectorAll("cadenza-track")];
    expect(tracks.map((track) => [track.track?.name, track.listening])).toEqual([
      ["violin-7-1", true],
      ["violin-7-2", false],
    ]);
    find(".head button").click();
    await rendered();
    expect(studio.calls).toEqual([]);
    expect(find(".head button").textContent?.trim()).toBe("Really clear 2 tracks?");
    find(".head button").click();
    expect(studio.calls.at(-1)?.method).toBe("clear");
  });
});
