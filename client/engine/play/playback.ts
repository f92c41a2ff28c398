/** Plays finished notes once through, as when listening to a composed track. */
import { type Seconds, seconds } from "#base/brand.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import { Plan } from "./plan.ts";
import type { Player } from "./player.ts";
import { Scheduler } from "./scheduler.ts";
import { Transport } from "./transport.ts";

/** Seconds from the start to the first note. */
const START_DELAY = 0.1;

/** One listening: starts at once, ends by itself or by `stop`. Call `tick` often. */
export class Playback {
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  readonly #end: number;
  readonly #ended: () => void;

  /** @param tempo quarter notes a minute @param ended called once, when it ends by itself */
  constructor(
    notes: readonly Note[],
    tempo: number,
    player: Player,
    now: Seconds,
    ended: () => void,
  ) {
    const plan = new Plan();
    plan.add(notes);
    this.#transport = new Transport(tempo);
    this.#scheduler = new Scheduler(plan, this.#transport, player);
    this.#end = endOfNotes(notes);
    this.#ended = ended;
    this.#transport.start(seconds(now + START_DELAY));
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    if (!this.#transport.playing) return;
    this.#scheduler.advance(now);
    if (this.#transport.stepAt(now) < this.#end) return;
    this.#transport.stop(now);
    this.#ended();
  }

  /** Ends it now, in silence; `ended` is not called. */
  stop(now: Seconds): void {
    if (this.#transport.playing) this.#scheduler.stop(now);
  }
}
