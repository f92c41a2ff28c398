/** A session whose source, player and clocks a test plays by hand. */
import { seconds } from "#base/brand.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import type { Controls } from "#engine/jam/performance.ts";
import { Session } from "#engine/jam/session.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { FakeClock, FakeSource, RecordingClicks, RecordingPlayer } from "./fake-source.ts";

const CONTROLS: Controls = {
  ...usualValues(JAM_CONTROLS),
  ...USUAL_CHOICES,
  tempo: 120,
  metre: COMMON_TIME,
  lead: 0,
  drums: true,
  temperature: 0.9,
  topP: 0.95,
  seed: 1,
  key: undefined,
};

/** The session and all that is around it. */
export function fakeJam() {
  const source = new FakeSource();
  const player = new RecordingPlayer();
  const clock = new FakeClock();
  const steady = new FakeClock();
  const clicks = new RecordingClicks();
  let unlocked = 0;
  let locked = false;
  const session = new Session({
    source,
    player,
    clicks,
    clock: clock.read,
    steadyClock: steady.read,
    unlock: async () => {
      unlocked++;
      locked = false;
    },
    level: () => 0,
    controls: CONTROLS,
  });
  /** Lets time pass in ticks of 30 ms. */
  const run = (duration: number) => {
    for (const end = steady.now + duration; steady.now < end; ) {
      if (!locked) clock.now = seconds(clock.now + 0.03);
      steady.now = seconds(steady.now + 0.03);
      session.tick(clock.now);
    }
  };
  const loaded = () => session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
  /** The audio clock stands at 0, as before the first gesture. */
  const lock = () => {
    locked = true;
    clock.now = seconds(0);
  };
  return { source, player, clicks, clock, session, run, loaded, lock, unlocked: () => unlocked };
}

/** One that may be played, under some controls. */
export function readyJam(controls?: Partial<Controls>) {
  const jam = fakeJam();
  jam.loaded();
  if (controls !== undefined) jam.session.setControls(controls);
  jam.run(1);
  return jam;
}

/** One that plays, so many seconds in. */
export async function playingJam(duration: number, controls?: Partial<Controls>) {
  const jam = readyJam(controls);
  await jam.session.play();
  jam.run(duration);
  return jam;
}
