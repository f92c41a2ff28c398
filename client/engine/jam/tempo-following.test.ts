import { describe, expect, it } from "vitest";
import { type Seconds, seconds } from "#base/brand.ts";
import { Transport } from "#engine/play/transport.ts";
import { MetreMap } from "#music/metre.ts";
import { type MovablePlace, TempoFollowing } from "./tempo-following.ts";

/** Music whose tempo changes 0.3 s ahead, as what is handed over cannot change any more. */
function movable() {
  const transport = new Transport(112);
  const metres = new MetreMap();
  let changes = 0;
  const place: MovablePlace = {
    get playing() {
      return transport.playing;
    },
    get tempo() {
      return transport.tempo;
    },
    stepAt: (time) => transport.stepAt(time),
    timeOf: (step) => transport.timeOf(step),
    nextBar: (step) => metres.barLineFrom(Math.ceil(step)),
    setTempo: (tempo, now) => {
      changes++;
      transport.setTempo(tempo, seconds(now + 0.3));
    },
    beginsAt: (earliest) => earliest,
  };
  return { transport, place, changes: () => changes };
}

/** An outer clock without error: its tempo and quarters at a time. */
const outerOf = (tempo: (time: number) => number, step = 0.001) => {
  const quarters = [0];
  return {
    tempo: (now: Seconds) => tempo(now),
    quarterAt: (time: Seconds) => {
      const index = Math.round(time / step);
      while (quarters.length <= index) {
        quarters.push(quarters[quarters.length - 1] + (tempo(quarters.length * step) * step) / 60);
      }
      return quarters[index];
    },
  };
};

/** Milliseconds between a beat of the music and the nearest of the outer clock. */
function apart(place: MovablePlace, quarter: number, now: Seconds): number {
  const behind = quarter - place.stepAt(now) / 8;
  return ((behind - Math.round(behind)) * 60_000) / place.tempo;
}

function follow(tempo: (time: number) => number, until: number, from = 4) {
  const { transport, place, changes } = movable();
  const outer = outerOf(tempo);
  const following = new TempoFollowing(place);
  following.follow(outer);
  const errors: number[] = [];
  let now = seconds(1);
  transport.start(now);
  for (; now < until; now = seconds(now + 0.025)) {
    following.advance(now);
    if (now > from) errors.push(Math.abs(apart(place, outer.quarterAt(now), now)));
  }
  return { worst: Math.max(...errors), last: errors[errors.length - 1], changes: changes() };
}

describe("TempoFollowing", () => {
  it("meets the beats of the outer clock, and does not drift in ten minutes", () => {
    const { worst, last, changes } = follow(() => 120.37, 601, 6);
    expect(worst).toBeLessThan(1);
    expect(last).toBeLessThan(1);
    expect(changes).toBeLessThan(400);
  });

  it("follows a ramp of 20 in 8 s within 10 ms", () => {
    const ramp = (time: number) => 120 + 20 * Math.min(1, Math.max(0, (time - 20) / 8));
    expect(follow(ramp, 40, 6).worst).toBeLessThan(10);
  });

  it("takes the tempo alone while the outer clock does not play, and keeps it when it is gone", () => {
    const { transport, place } = movable();
    let tempo: number | undefined = 90;
    const following = new TempoFollowing(place);
    following.follow({ tempo: () => tempo, quarterAt: () => undefined });
    transport.start(seconds(0));
    following.advance(seconds(1));
    expect(place.tempo).toBe(90);
    tempo = undefined;
    following.advance(seconds(2));
    expect(place.tempo).toBe(90);
    tempo = 900;
    following.advance(seconds(3));
    expect(place.tempo).toBe(300);
  });

  it("starts the music where the bars fall together", () => {
    const { place } = movable();
    const following = new TempoFollowing(place);
    expect(place.beginsAt(seconds(3), 0)).toBe(3);
    following.follow(outerOf(() => 120));
    // Bars of 2 s: from a bar line on at 4 s, from a beat after it at 4.5 s.
    expect(place.beginsAt(seconds(3.1), 0)).toBeCloseTo(4, 2);
    expect(place.beginsAt(seconds(3.1), 40)).toBeCloseTo(4.5, 2);
    following.follow(undefined);
    expect(place.beginsAt(seconds(3.1), 0)).toBe(3.1);
  });
});
