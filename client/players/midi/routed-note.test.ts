import { describe, expect, it } from "vitest";
import { midiRoute, VELOCITY_CURVES } from "#engine/jam/route.ts";
import { DRUMS } from "#music/instrument.ts";
import { USUAL_MIX } from "./channel-setup.ts";
import { bentVelocity, routedNote } from "./routed-note.ts";

const note = (pitch: number, instrument = 0, velocity = 90) => ({ instrument, pitch, velocity });

describe("routedNote", () => {
  it("transposes and keeps to the range, which counts as it is heard", () => {
    const route = midiRoute(0, "a", { transposition: 12, lowest: 60, highest: 72 });
    expect(routedNote(route, note(48), USUAL_MIX)?.pitch).toBe(60);
    expect(routedNote(route, note(60), USUAL_MIX)?.pitch).toBe(72);
    expect(routedNote(route, note(47), USUAL_MIX)).toBeUndefined();
    expect(routedNote(route, note(61), USUAL_MIX)).toBeUndefined();
    expect(
      routedNote(midiRoute(0, "a", { transposition: 48 }), note(100), USUAL_MIX),
    ).toBeUndefined();
  });

  it("puts drums on the machine's keys, and leaves out what it has not", () => {
    const route = midiRoute(DRUMS, "a", { drumKeys: { 36: 0, 38: 1 }, transposition: 12 });
    expect(routedNote(route, note(36, DRUMS), USUAL_MIX)?.pitch).toBe(0);
    expect(routedNote(route, note(42, DRUMS), USUAL_MIX)).toBeUndefined();
    expect(routedNote(midiRoute(DRUMS, "a"), note(42, DRUMS), USUAL_MIX)?.pitch).toBe(42);
  });
});

describe("bentVelocity", () => {
  it.each(VELOCITY_CURVES)("%s stays within 1 to 127 and never turns around", (curve) => {
    const bent = Array.from({ length: 127 }, (_, at) => bentVelocity(at + 1, curve));
    expect(Math.min(...bent)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...bent)).toBeLessThanOrEqual(127);
    expect(bent).toEqual([...bent].sort((a, b) => a - b));
  });

  it("is what it says", () => {
    expect(bentVelocity(64, "as played")).toBe(64);
    expect(bentVelocity(64, "softer")).toBeLessThan(64);
    expect(bentVelocity(64, "harder")).toBeGreaterThan(64);
    expect(bentVelocity(3, "level")).toBe(100);
  });
});
