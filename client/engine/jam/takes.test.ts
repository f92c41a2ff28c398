import { describe, expect, it } from "vitest";
import { Takes } from "./takes.ts";

const batch = (take: number, ...onsets: number[]) => ({
  take,
  notes: onsets.map((onset) => ({ instrument: 0, pitch: 60, velocity: 90, onset, duration: 4 })),
  tokens: 0,
  milliseconds: 1,
});
const onsets = (takes: Takes, composed: ReturnType<typeof batch>) =>
  takes.valid(composed).map((note) => note.onset);

describe("Takes", () => {
  it("keep of an earlier take what lies before every later retake", () => {
    const takes = new Takes();
    takes.begin(1);
    expect(onsets(takes, batch(1, 0, 8))).toEqual([0, 8]);
    takes.retake(2, 24);
    takes.retake(3, 16);
    expect(onsets(takes, batch(1, 12, 16, 24))).toEqual([12]);
    expect(onsets(takes, batch(2, 15, 16))).toEqual([15]);
    expect(onsets(takes, batch(3, 15, 16))).toEqual([15, 16]);
  });

  it("keep nothing of an earlier piece", () => {
    const takes = new Takes();
    takes.begin(1);
    takes.begin(2);
    expect(onsets(takes, batch(1, 0, 8))).toEqual([]);
    expect(onsets(takes, batch(2, 0))).toEqual([0]);
  });
});
