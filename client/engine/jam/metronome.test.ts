/** The metronome clicks on the metre's beats and counts the music in; neither is part of the piece. */
import { describe, expect, it } from "vitest";
import { readyJam } from "#engine/testing/fake-jam.ts";
import { parseMetre } from "#music/metre.ts";

describe("the metronome", () => {
  it("is off by default", async () => {
    const { session, clicks, run } = readyJam({});
    await session.play();
    run(4);
    expect(clicks.clicked).toEqual([]);
  });

  it.each([
    ["4/4", [8, 16, 24]],
    ["6/8", [12]],
    ["5/4", [8, 16, 24, 32]],
  ] as const)("clicks once on each beat of %s, the first marked", async (metre, others) => {
    const { session, clicks, player, run } = readyJam({
      metronome: "loud",
      metre: parseMetre(metre)!,
    });
    await session.play();
    run(6);
    const begins = player.played[0].start;
    const bar = others.at(-1)! + others[0];
    const steps = clicks.clicked.map(({ time }) => Math.round((time - begins) * 16));
    const wanted = [0, 1, 2, 3, 4, 5].flatMap((at) => [0, ...others].map((on) => at * bar + on));
    expect(steps).toEqual(wanted.slice(0, steps.length));
    expect(steps.length * others[0]).toBeGreaterThan(6 * 16 - 20);
    expect(clicks.clicked.map(({ first }) => first)).toEqual(steps.map((step) => step % bar === 0));
    expect(clicks.clicked.every(({ level }) => level === 1)).toBe(true);
  });

  it("follows tempo and level from the next beat on that is not settled, and a stop silences it", async () => {
    const { session, clicks, run } = readyJam({ metronome: "soft" });
    await session.play();
    run(3);
    session.setControls({ tempo: 60, metronome: "loud" });
    run(5);
    const [before, last] = clicks.clicked.slice(-2);
    expect(last.time - before.time).toBeCloseTo(1, 6);
    expect(last.level).toBe(1);
    session.stop();
    expect(clicks.silences).toBe(1);
    const { length } = clicks.clicked;
    run(3);
    expect(clicks.clicked).toHaveLength(length);
  });
});

describe("a count-in", () => {
  it("is heard for its bars before the first note, the metronome being off", async () => {
    const { session, clicks, player, run } = readyJam({ countIn: "2 bars" });
    await session.play();
    run(6);
    const [first] = player.played;
    const steps = clicks.clicked.map(({ time }) => Math.round((time - first.start) * 16));
    expect([...steps].sort((a, b) => a - b)).toEqual([-64, -56, -48, -40, -32, -24, -16, -8]);
    expect(clicks.clicked.filter(({ first }) => first)).toHaveLength(2);
    expect(session.notes[0].onset).toBe(0);
  });

  it("changes nothing of the piece, is cut by a stop, and comes again at Play", async () => {
    const counted = readyJam({ countIn: "1 bar" });
    const plain = readyJam({});
    for (const { session, run } of [counted, plain]) {
      await session.play();
      run(1);
    }
    counted.session.stop();
    expect(counted.player.played).toEqual([]);
    expect(counted.session.timeline().step).toBe(0);
    await counted.session.play();
    for (const { run } of [counted, plain]) run(4);
    expect(counted.clicks.clicked).toHaveLength(8);
    const onsets = ({ session }: typeof plain) => session.notes.map(({ onset }) => onset);
    expect(onsets(counted).slice(0, 6)).toEqual(onsets(plain).slice(0, 6));
    expect(counted.source.retakes).toEqual([]);
  });

  it("leads to where a stop was, and is not heard where music was waited for", async () => {
    const { session, clicks, source, player, run } = readyJam({ countIn: "1 bar" });
    await session.play();
    run(5);
    session.stop();
    const { step } = session.timeline();
    const [before, notes] = [clicks.clicked.length, player.played.length];
    await session.play();
    run(3);
    expect(clicks.clicked).toHaveLength(before + 4);
    expect(player.played[notes].start).toBeGreaterThan(clicks.clicked[before].time + 1.4);
    expect(session.timeline().step).toBeGreaterThan(step);
    source.limit = 0;
    run(8);
    expect(session.state.phase).toBe("gathering");
    source.limit = Number.POSITIVE_INFINITY;
    source.flow();
    run(3);
    expect(session.state.phase).toBe("playing");
    expect(clicks.clicked).toHaveLength(before + 4);
  });

  it("lets keys sound that are struck in it, and keeps them out of the piece", async () => {
    const { session, player, run } = readyJam({ countIn: "1 bar", hand: "Violin" });
    await session.play();
    run(0.5);
    session.keys.press({ instrument: 3, pitch: 70, velocity: 90 });
    expect(player.played.at(-1)).toMatchObject({ pitch: 70 });
    run(4);
    expect(session.notes.some(({ pitch }) => pitch === 70)).toBe(false);
  });
});
