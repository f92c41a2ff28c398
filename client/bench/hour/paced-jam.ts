/**
 * A jam in Node on a real model, in a time that is simulated and yet true: a tick of 30 ms may compose for 30 ms of this
 * process's CPU time, as a thread of its own would, and the next begins at once where nothing is left to compose. So gaps
 * are those of this machine if nothing else runs on it, and an hour takes as long as its music takes to compose.
 */
import { milliseconds, seconds } from "#base/brand.ts";
import type { Emitter } from "#base/emitter.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { USUAL_CHOICES } from "#engine/compose/choices.ts";
import type { Composer } from "#engine/compose/composer.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import { JAM_CONTROLS, usualValues } from "#engine/compose/controls.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { Session } from "#engine/jam/session.ts";
import { RecordedSource } from "#engine/journal/recorded-source.ts";
import { COMMON_TIME } from "#music/metre.ts";
import type { Note } from "#music/note.ts";

/** Milliseconds of a tick. */
const TICK = 30;

/** Milliseconds that this process has computed. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const nothing = () => undefined;

/** Passes on what is ordered, and knows whether something is left to do. */
class WatchedSource implements CompositionSource {
  readonly composed: Emitter<ComposedNotes>;
  readonly failed: Emitter<Error>;
  readonly #source: CompositionSource;
  #until = 0;
  #ordered = 0;
  #heard = 0;
  #onset = 0;

  constructor(source: CompositionSource) {
    this.#source = source;
    this.composed = source.composed;
    this.failed = source.failed;
    source.composed.on(({ revision, notes, endsAt }) => {
      this.#heard = revision;
      this.#onset = endsAt === undefined ? (notes.at(-1)?.onset ?? this.#onset) : Infinity;
    });
  }

  get isBusy(): boolean {
    return this.#heard < this.#ordered || this.#onset < this.#until;
  }

  begin(settings: CompositionSettings, prime?: readonly Note[]): number {
    this.#until = 0;
    this.#ordered = this.#source.begin(settings, prime);
    return this.#ordered;
  }

  composeUntil(step: number): void {
    this.#until = step;
    this.#source.composeUntil(step);
  }

  retake(step: number, settings: CompositionSettings): number {
    this.#ordered = this.#source.retake(step, settings);
    return this.#ordered;
  }

  dispose(): void {
    this.#source.dispose();
  }
}

/** The session, what is recorded of it, and its time. @param composer not disposed */
export function pacedJam(composer: Composer, seed: number) {
  const local = new LocalComposition(composer, () => milliseconds(cpuTime()));
  const watched = new WatchedSource(local);
  const source = new RecordedSource(watched);
  let time = seconds(0);
  const read = () => time;
  const session = new Session({
    ...{ source, clock: read, steadyClock: read },
    player: { play: nothing, release: nothing, silence: nothing, dispose: nothing },
    unlock: async () => undefined,
    level: () => 0,
    controls: {
      ...{ ...usualValues(JAM_CONTROLS), ...USUAL_CHOICES, tempo: 112, metre: COMMON_TIME },
      ...{ lead: 0, drums: true, seed, key: undefined },
    },
  });
  /** Milliseconds of composing that are left to spend; below 0 an event took longer than its tick. */
  let budget = 0;
  const tick = async () => {
    time = seconds(time + TICK / 1000);
    session.tick(time);
    budget = Math.min(TICK, budget + TICK);
    while (budget > 0 && watched.isBusy) {
      const began = cpuTime();
      await yieldToEvents();
      budget -= cpuTime() - began;
    }
  };
  return { session, source, tick, now: read, dispose: () => source.dispose() };
}
