/** What lies ahead while controls move, on machines of several speeds, in a time that the test lets pass. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { FakeClock, RecordingPlayer } from "#engine/testing/fake-source.ts";
import { PacedSource } from "#engine/testing/paced-source.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { USUAL_CHOICES } from "../compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "../compose/controls.ts";
import { Session } from "./session.ts";

/** Steps a second at 120. */
const REAL_TIME = 16;

/** A jam on a machine that composes so many times as fast as the music goes, playing for some seconds. */
async function playing(factor: number) {
  const source = new PacedSource(factor * REAL_TIME);
  const player = new RecordingPlayer();
  const clock = new FakeClock();
  const session = new Session({
    source,
    player,
    clock: clock.read,
    steadyClock: clock.read,
    unlock: async () => undefined,
    level: () => 0,
    controls: {
      ...usualValues(JAM_CONTROLS),
      ...USUAL_CHOICES,
      ...{ tempo: 120, seed: 1, lead: 0, drums: false, metre: COMMON_TIME, key: undefined },
    },
  });
  /** Seconds ahead of the playhead, the least of those at each tick since `run` was called. */
  const run = (duration: number, each: (now: number) => void = () => undefined): number => {
    let least = Number.POSITIVE_INFINITY;
    for (const end = clock.now + duration; clock.now < end; ) {
      clock.now = seconds(clock.now + 0.03);
      each(clock.now);
      source.pass(0.03);
      session.tick(clock.now);
      const { step, plannedStep } = session.timeline();
      least = Math.min(least, (plannedStep - step) / REAL_TIME);
    }
    return least;
  };
  session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
  run(3);
  await session.play();
  for (let waited = 0; session.state.phase !== "playing" && waited < 200; waited++) run(1);
  run(6);
  expect(session.state.phase).toBe("playing");
  /** Drags a dial for so many seconds. */
  const drag = (duration: number): number =>
    run(duration, (now) => session.setControls({ temperature: 1 + 0.5 * Math.sin(now) }));
  return { source, player, clock, session, run, drag };
}

/** Onsets and revisions of what was handed to the player, by the piece's steps. */
const heard = ({ played }: RecordingPlayer) => {
  const [first] = played;
  return played.map(({ start, pitch }) => ({
    onset: Math.round((start - first.start) * REAL_TIME),
    pitch,
  }));
};

describe("the music ahead", () => {
  it.each([3, 5, 10, 40])(
    "does not drain below 1.5 s while a dial is dragged for 10 s, %d times as fast as the music",
    async (factor) => {
      const { source, session, drag, run } = await playing(factor);
      const before = source.retakes.length;
      expect(drag(10)).toBeGreaterThan(1.5);
      // What it costs spaces them: they do come.
      expect(source.retakes.length - before).toBeGreaterThan(factor < 5 ? 3 : 12);
      run(6);
      const asked = session.state.controls.temperature;
      expect(source.retakes.at(-1)?.settings.sampling.pitch.temperature).toBeCloseTo(asked, 9);
      expect(session.state.ahead).toBeGreaterThan(2);
    },
  );

  it.each([
    [10, 0.6],
    [40, 0.6],
    [5, 1],
    [3, 1.6],
  ])("%d times as fast as the music, a change is heard within %d s", async (factor, within) => {
    const { source, player, clock, session, run } = await playing(factor);
    for (let change = 0; change < 8; change++) {
      const moved = clock.now;
      const temperature = 0.5 + 0.1 * change;
      session.setControls({ temperature });
      run(5);
      // Density is settled by retakes, too, behind what is planned.
      const answer = source.retakes.find(
        ({ settings }) => settings.sampling.pitch.temperature === temperature,
      );
      const first = player.played.find(
        ({ start, pitch }) =>
          start > moved && pitch >= (answer?.revision ?? Number.POSITIVE_INFINITY),
      );
      // The fake source plays every eighth of a second.
      expect((first?.start ?? Number.POSITIVE_INFINITY) - moved).toBeLessThan(within + 0.125);
    }
  });

  it.each([
    [0.25, 0.25],
    [1, 0.5],
    [2, 1],
    [4, 2],
    [8, 4],
  ])(
    "is settled for %d beats of half a second: a change is heard %d s later and 0.1 s",
    async (horizon, wait) => {
      const { source, player, clock, session, run } = await playing(40);
      session.setControls({ horizon });
      run(6);
      const before = source.retakes.length;
      for (let change = 0; change < 6; change++) {
        const moved = clock.now;
        session.setControls({ temperature: 0.5 + 0.1 * change });
        const least = run(7.013);
        expect(least).toBeGreaterThan(1.5);
        const { revision } = source.retakes[before + change];
        const first = player.played.find(({ pitch }) => pitch >= revision);
        expect(first!.start - moved).toBeGreaterThanOrEqual(wait);
        // What is handed over already, .3 s and a retake's time, is heard; the fake source plays every eighth of a second.
        expect(first!.start - moved).toBeLessThan(Math.max(wait, 0.45) + 0.1 + 0.125);
      }
      const played = heard(player);
      expect(played.map(({ onset }) => onset)).toEqual(played.map((_, i) => 2 * i));
    },
  );

  it("is what the composer remembers, whatever moves and however fast the machine is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1.3, 3, 5, 20),
        fc.array(
          fc.tuple(
            fc.double({ min: 0.1, max: 4, noNaN: true }),
            fc.double({ min: 0.1, max: 3, noNaN: true }),
            fc.constantFrom(0.25, 1, 3, 8),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        async (factor, moves) => {
          const { source, player, session, run, drag } = await playing(factor);
          for (const [pause, dragged, horizon] of moves) {
            session.setControls({ horizon });
            run(pause);
            drag(dragged);
          }
          run(8);
          const piece = new Map(source.piece.map(({ onset, pitch }) => [onset, pitch]));
          const played = heard(player);
          for (const { onset, pitch } of played) expect(piece.get(onset)).toBe(pitch);
          expect(played.map(({ onset }) => onset)).toEqual(played.map((_, i) => 2 * i));
          expect(session.state.phase).toBe("playing");
        },
      ),
      { numRuns: 25 },
    );
  });
});
