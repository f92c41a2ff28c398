/** Plays finished notes once through, as when listening to a composed track. */
import { type Seconds, seconds } from "#base/brand.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { Plan } from "./plan.ts";
import type { Player } from "./player.ts";
import { LOOKAHEAD, Scheduler } from "./scheduler.ts";
import { Transport } from "./transport.ts";

/** Seconds from the start to the first note. */
const START_DELAY = 0.1;

/** Seconds before it is heard that the transport learns of another tempo: more than notes are handed out ahead. */
const TEMPO_LOOKAHEAD = 2 * LOOKAHEAD;

/** One listening: starts at once, ends by itself or by `stop`. Call `tick` often. */
export class Playback {
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  readonly #end: number;
  readonly #ended: () => void;
  /** Tempos that are still to come. */
  #tempos: readonly TempoPoint[];

  /** @param tempos ascending, the first at step 0 @param ended called once, when it ends by itself */
  constructor(
    notes: readonly Note[],
    tempos: readonly TempoPoint[],
    player: Player,
    now: Seconds,
    ended: () => void,
  ) {
    const plan = new Plan();
    plan.add(notes);
    this.#transport = new Transport(tempos[0].tempo);
    this.#tempos = tempos.slice(1);
    this.#scheduler = new Scheduler(plan, this.#transport, player);
    this.#end = endOfNotes(notes);
    this.#ended = ended;
    this.#transport.start(seconds(now + START_DELAY));
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    if (!this.#transport.playing) return;
    this.#follow(seconds(now + TEMPO_LOOKAHEAD));
    this.#scheduler.advance(now);
    if (this.#transport.stepAt(now) < this.#end) return;
    this.#transport.stop(now);
    this.#ended();
  }

  /** Takes the tempos that begin before `until`. */
  #follow(until: Seconds): void {
    while (this.#tempos.length > 0 && this.#tempos[0].step < this.#transport.stepAt(until)) {
      const [{ step, tempo }] = this.#tempos;
      this.#transport.setTempo(tempo, this.#transport.timeOf(step));
      this.#tempos = this.#tempos.slice(1);
    }
  }

  /** Where it stands at `now`, in steps. */
  stepAt(now: Seconds): number {
    return Math.max(0, this.#transport.stepAt(now));
  }

  /** Ends it now, in silence; `ended` is not called. */
  stop(now: Seconds): void {
    if (this.#transport.playing) this.#scheduler.stop(now);
  }
}
