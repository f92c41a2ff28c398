import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import type { MusicPlace } from "#engine/play/music-place.ts";
import { Transport } from "#engine/play/transport.ts";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { ClockFollower } from "./clock-in.ts";
import { type ClockMessage, ClockOut } from "./clock-out.ts";

const AHEAD = 0.2;

function build(metre = "4/4") {
  const transport = new Transport(120);
  const metres = MetreMap.of(parseMetre(metre));
  const place: MusicPlace = {
    get playing() {
      return transport.playing;
    },
    stepAt: (time) => transport.stepAt(time),
    timeOf: (step) => transport.timeOf(step),
    nextBar: (step) => metres.barLineFrom(Math.ceil(step)),
  };
  const out = new ClockOut(place);
  const sent: ClockMessage[] = [];
  let now = 0;
  /** Lets time pass in steps of 25 ms. */
  const run = (duration: number, every = 0.025) => {
    for (const end = now + duration; now < end - 1e-9; now += every)
      sent.push(...out.advance(seconds(now), seconds(now + AHEAD)));
  };
  const named = () =>
    sent.filter(({ data }) => data[0] !== 0xf8).map(({ data, time }) => [...data, time]);
  const ticks = () => sent.filter(({ data }) => data[0] === 0xf8).map(({ time }) => time as number);
  return { transport, out, sent, run, named, ticks, now: () => seconds(now) };
}

describe("ClockOut", () => {
  it("starts with the first tick of a piece and sends 24 a quarter", () => {
    const { transport, run, sent, named, ticks } = build();
    run(1);
    expect(sent).toEqual([]);
    transport.start(seconds(1.1));
    run(4);
    expect(named()).toEqual([[0xfa, 1.1]]);
    expect(sent[0].data).toEqual([0xfa]);
    for (const [index, time] of ticks().entries()) expect(time).toBeCloseTo(1.1 + index / 48, 9);
    expect(ticks().length).toBe(Math.ceil((5 - 0.025 + AHEAD - 1.1) * 48));
  });

  it("follows a change of tempo to the tick", () => {
    const { transport, run, ticks } = build();
    transport.start(seconds(0));
    run(1);
    transport.setTempo(60, seconds(1.5));
    run(2);
    expect(ticks().filter((time) => time < 1.5 - 1e-9)).toHaveLength(72);
    expect(ticks()[73] - ticks()[72]).toBeCloseTo(1 / 24, 9);
  });

  it("stops at once, and goes on from the next bar line with its position", () => {
    const { transport, run, named, ticks, now } = build("3/4");
    transport.start(seconds(0));
    run(1); // two beats
    transport.stop(now());
    run(0.5);
    expect(named().at(-1)).toEqual([0xfc, expect.closeTo(1, 6)]);
    const before = ticks().length;
    transport.start(now());
    run(1);
    // The bar ends a beat later, after 12 sixteenths.
    expect(named().slice(-2)).toEqual([
      [0xf2, 12, 0, expect.closeTo(2, 6)],
      [0xfb, expect.closeTo(2, 6)],
    ]);
    expect(ticks()[before]).toBeCloseTo(1.5, 6);
  });

  it("begins no tick before one that was sent ahead and cannot be taken back", () => {
    const { transport, run, ticks, now } = build();
    transport.start(seconds(0));
    run(1);
    transport.stop(now());
    run(0.025);
    transport.start(now());
    run(1);
    const times = ticks();
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it("sends the ticks that a stall of 300 ms made late, as a receiver counts them", () => {
    const { transport, run, ticks } = build();
    transport.start(seconds(0));
    run(1);
    run(0.9, 0.3);
    run(1);
    expect(ticks()).toHaveLength(Math.ceil((2.9 - 0.025 + AHEAD) * 48));
  });

  it("stops the receiver after a longer one, and starts it again where the music is", () => {
    const { transport, run, named } = build();
    transport.start(seconds(0));
    run(1);
    run(3, 3);
    run(3);
    expect(named().slice(1)).toEqual([
      [0xfc, expect.closeTo(4, 6)],
      [0xf2, 32, 0, expect.closeTo(4, 6)],
      [0xfb, expect.closeTo(4, 6)],
    ]);
  });

  it("is understood by the follower: place and tempo are the same", () => {
    const { transport, run, sent } = build();
    transport.start(seconds(0.5));
    run(3);
    transport.setTempo(90, seconds(3.5));
    run(6);
    const follower = new ClockFollower();
    for (const { data, time } of sent) {
      if (data[0] === 0xfa) follower.start();
      else follower.tick(1000 * time);
    }
    const { time } = sent[sent.length - 1];
    expect(follower.quarterAt(1000 * time) * 8).toBeCloseTo(transport.stepAt(time), 1);
    expect(follower.at(1000 * time).tempo).toBeCloseTo(90, 1);
  });
});
