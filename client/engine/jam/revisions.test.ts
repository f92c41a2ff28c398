import { describe, expect, it } from "vitest";
import { Revisions } from "./revisions.ts";

const batch = (revision: number, ...onsets: number[]) => ({
  revision,
  notes: onsets.map((onset) => ({ instrument: 0, pitch: 60, velocity: 90, onset, duration: 4 })),
  tokens: 0,
  milliseconds: 1,
});
const onsets = (revisions: Revisions, composed: ReturnType<typeof batch>) =>
  revisions.valid(composed).map((note) => note.onset);

describe("Revisions", () => {
  it("keep of an earlier revision what lies before every later retake", () => {
    const revisions = new Revisions();
    revisions.begin(1);
    expect(onsets(revisions, batch(1, 0, 8))).toEqual([0, 8]);
    revisions.retake(2, 24);
    revisions.retake(3, 16);
    expect(onsets(revisions, batch(1, 12, 16, 24))).toEqual([12]);
    expect(onsets(revisions, batch(2, 15, 16))).toEqual([15]);
    expect(onsets(revisions, batch(3, 15, 16))).toEqual([15, 16]);
  });

  it("keep nothing of an earlier piece", () => {
    const revisions = new Revisions();
    revisions.begin(1);
    revisions.begin(2);
    expect(onsets(revisions, batch(1, 0, 8))).toEqual([]);
    expect(onsets(revisions, batch(2, 0))).toEqual([0]);
  });
});
