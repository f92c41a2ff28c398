import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { Transport } from "./transport.ts";

describe("Transport", () => {
  it("moves 16 steps a second at 120", () => {
    const transport = new Transport(120);
    transport.start(seconds(10));
    expect(transport.stepAt(seconds(11))).toBeCloseTo(16, 9);
    expect(transport.timeOf(16)).toBeCloseTo(11, 9);
  });

  it("stands where it was stopped and goes on from there", () => {
    const transport = new Transport(120);
    transport.start(seconds(0));
    transport.stop(seconds(2));
    expect(transport.stepAt(seconds(50))).toBeCloseTo(32, 9);
    transport.start(seconds(50));
    expect(transport.stepAt(seconds(51))).toBeCloseTo(48, 9);
  });

  it("is stopped before its start without going back", () => {
    const transport = new Transport(120);
    transport.locate(8);
    transport.start(seconds(5));
    transport.stop(seconds(4.9));
    expect(transport.stepAt(seconds(0))).toBe(8);
  });

  it("keeps what lies before a tempo change where it was", () => {
    const transport = new Transport(120);
    transport.start(seconds(0));
    transport.setTempo(60, seconds(1));
    expect(transport.timeOf(8)).toBeCloseTo(0.5, 9);
    expect(transport.timeOf(16)).toBeCloseTo(1, 9);
    expect(transport.timeOf(24)).toBeCloseTo(2, 9);
  });

  it("maps back and forth through any tempo changes", () => {
    const change = fc.tuple(
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.integer({ min: 20, max: 300 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
        const transport = new Transport(120);
        transport.start(seconds(0));
        let at = 0;
        for (const [wait, tempo] of changes) {
          at += wait;
          transport.setTempo(tempo, seconds(at));
        }
        for (const ahead of [0, 0.3, 1, 10]) {
          const time = seconds(at + ahead);
          expect(transport.timeOf(transport.stepAt(time))).toBeCloseTo(time, 6);
        }
      }),
    );
  });
});
