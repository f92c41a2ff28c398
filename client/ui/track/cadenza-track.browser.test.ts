import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { sentence } from "#base/remark.ts";
import type { Track } from "#engine/studio/studio-state.ts";
import { bandNotes } from "../testing/band.ts";
import { FakeStudio, trackOf } from "../testing/fake-studio.ts";
import { downloads, frame, mount } from "../testing/mount.ts";
import "./cadenza-track.ts";

const DONE: Partial<Track> = { status: "done", progress: 1, midi: new Uint8Array([77]) };

async function trackElement(change: Partial<Track>, notes = bandNotes(16)) {
  const studio = new FakeStudio();
  const track = trackOf(change, change.status === "done" ? notes : []);
  return { studio, ...(await mount("cadenza-track", { studio, track }, "width: 600px")) };
}

describe("cadenza-track", () => {
  it("shows how far a track is", async () => {
    const { find } = await trackElement({ status: "composing", progress: 0.42 });
    expect(find(".status").textContent).toBe("42 %");
    expect(find<HTMLProgressElement>("progress").value).toBe(0.42);
    expect(find(".about").textContent).toBe("Violin and drums, 16 bars, 112 bpm");
  });

  it("says in words what failed", async () => {
    const { find } = await trackElement({
      status: "failed",
      message: sentence("The GPU was lost; reload."),
    });
    expect(find("[role=alert]").textContent).toBe("The GPU was lost; reload.");
  });

  it("draws a finished track in its instruments' colours", async () => {
    const { find } = await trackElement(DONE);
    await frame();
    const canvas = find<HTMLCanvasElement>("canvas");
    expect(canvas.getAttribute("aria-label")).toContain("notes in 16 bars");
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<string>();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255) colours.add([data[at], data[at + 1], data[at + 2]].join());
    }
    expect(colours).toContain("237,233,222"); // Piano
    expect(colours).toContain("224,98,58"); // Bass
  });

  it("is thrown away when that is asked twice", async () => {
    const { studio, find, rendered } = await trackElement(DONE);
    find(".remove").click();
    await rendered();
    expect(studio.calls).toEqual([]);
    expect(find(".remove").textContent?.trim()).toBe("Really?");
    find(".remove").click();
    expect(studio.calls).toMatchObject([{ method: "remove" }]);
  });

  it("is listened to, and stopped", async () => {
    const { element, studio, find, rendered } = await trackElement(DONE);
    find(".listen").click();
    element.listening = true;
    await rendered();
    expect(find(".listen").textContent).toContain("Stop");
    find(".listen").click();
    expect(studio.calls.map((call) => call.method)).toEqual(["listen", "stopListening"]);
  });

  it("shows where it stands while it is listened to", async () => {
    const { element, studio, find, rendered } = await trackElement(DONE);
    expect(find(".playhead").hidden).toBe(true);
    studio.step = 128;
    element.listening = true;
    await rendered();
    await expect.poll(() => find(".playhead").style.left).toBe("25%");
    expect(find(".playhead").hidden).toBe(false);
  });

  it("is kept as MIDI", async () => {
    const { find } = await trackElement(DONE);
    const names = await downloads(() => find("[aria-label='Download violin-7-1 as MIDI']").click());
    expect(names).toEqual(["violin-7-1.mid"]);
  });

  it("gives the chart it was composed to, where it has one", async () => {
    const { find } = await trackElement({ ...DONE, chart: '{"bars": [{}]}' });
    const names = await downloads(() => find(".chart").click());
    expect(names).toEqual(["violin-7-1.chart.json"]);
    const { element } = await trackElement(DONE);
    expect(element.shadowRoot!.querySelector(".chart")).toBeNull();
  });

  it("is rendered with progress, one format at a time", async () => {
    const { element, studio, find, remarks, rendered } = await trackElement(DONE);
    const audio = (): HTMLElement[] => [
      ...element.shadowRoot!.querySelectorAll<HTMLElement>(".audio"),
    ];
    const names = await downloads(async () => {
      audio()[0].click();
      await rendered();
      studio.renders[0].onProgress(0.5);
      await rendered();
      expect(find(".audio").textContent?.trim()).toBe("50 %");
      audio()[1].click();
      studio.renders[0].resolve(new Blob(["x"]));
      await expect.poll(() => find(".audio").textContent?.trim()).toBe("MP3");
    });
    expect(names).toEqual(["violin-7-1.mp3"]);
    expect(studio.renders).toHaveLength(1);
    expect(remarks[0].text).toContain("One file at a time");
  });

  it("says in words why rendering failed, and can be tried again", async () => {
    const { studio, find, remarks } = await trackElement(DONE);
    find(".audio").click();
    studio.renders[0].reject(new Failure("unavailable", "The samples did not load; try again."));
    await expect.poll(() => remarks.length).toBe(1);
    expect(remarks[0]).toMatchObject({
      tone: "error",
      text: "The samples did not load; try again.",
    });
    await expect.poll(() => find(".audio").getAttribute("aria-disabled")).toBe("false");
  });
});
