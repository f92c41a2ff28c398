/** A session whose music is really composed, by a model that is none, and whose time a test lets pass. */
import { milliseconds, seconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import { Composer } from "#engine/compose/composer.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { Session } from "#engine/jam/session.ts";
import { RecordedSource } from "#engine/journal/recorded-source.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { FakeDecoder } from "./fake-decoder.ts";
import { FakeClock, RecordingPlayer } from "./fake-source.ts";

/** Turns of the event loop in a tick of 30 ms: so many events may be composed in it. */
const TURNS = 6;

/** The session, all that is around it, and the composer behind it. */
export function composingJam() {
  const composer = new Composer(new FakeDecoder({ conditioned: true }));
  const clock = new FakeClock();
  const local = new LocalComposition(
    composer,
    () => milliseconds(1000 * clock.now),
    async () => new FakeDecoder({ conditioned: true }),
  );
  const source = new RecordedSource(local);
  const player = new RecordingPlayer();
  const session = new Session({
    ...{ source, futures: local, player, clock: clock.read, steadyClock: clock.read },
    unlock: async () => undefined,
    level: () => 0,
    controls: {
      ...usualValues(JAM_CONTROLS),
      ...USUAL_CHOICES,
      ...{ tempo: 120, metre: COMMON_TIME, lead: 0, drums: true, seed: 1, key: undefined },
    },
  });
  session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
  /** Lets time pass. */
  const run = async (duration: number) => {
    for (const end = clock.now + duration; clock.now < end; ) {
      clock.now = seconds(clock.now + 0.03);
      session.tick(clock.now);
      for (let turn = 0; turn < TURNS; turn++) await yieldToEvents();
    }
  };
  return { session, composer, source, player, run, dispose: () => local.dispose() };
}

/** One that has played for so many seconds. */
export async function playedJam(duration: number) {
  const jam = composingJam();
  await jam.run(1);
  await jam.session.play();
  await jam.run(duration);
  const step = () => jam.session.timeline().step;
  /** Plays on up to a step. */
  const reach = async (to: number) => {
    while (step() < to) await jam.run(0.03);
  };
  return { ...jam, step, reach };
}
