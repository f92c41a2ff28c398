/**
 * Hands planned notes to a player shortly before they sound (Wilson, "A tale of two clocks", 2013).
 * Takes the time as an argument and owns no clock, so a test can run an hour in a second.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import type { Note } from "#music/note.ts";
import type { Plan } from "./plan.ts";
import type { Player } from "./player.ts";
import type { Transport } from "./transport.ts";

/** Seconds of music handed ahead to the audio or MIDI clock: more than a busy main thread stalls. */
export const LOOKAHEAD = seconds(0.3);

/** A note later than this, in seconds, is left out: many late notes at once would be a crash, not music. */
const LATEST = 0.1;

/** Moves notes from a plan to a player as time passes. */
export class Scheduler {
  /** What begins at this step or later is not handed over. */
  end = Number.POSITIVE_INFINITY;
  readonly #plan: Plan;
  readonly #transport: Transport;
  readonly #player: Player;
  readonly #handed: (note: Note) => void;
  readonly #played: (note: Note) => Note;
  readonly #leftOut: (note: Note) => void;
  #handedUntil = 0 as Seconds;
  #missed = 0;

  /**
   * @param handed learns of every note that was handed to the player
   * @param played a note of the grid as it sounds, between steps too
   * @param leftOut learns of every note that comes too late to be handed over
   */
  constructor(
    plan: Plan,
    transport: Transport,
    player: Player,
    handed: (note: Note) => void = () => undefined,
    played: (note: Note) => Note = (note) => note,
    leftOut: (note: Note) => void = () => undefined,
  ) {
    this.#handed = handed;
    this.#leftOut = leftOut;
    this.#played = played;
    this.#plan = plan;
    this.#transport = transport;
    this.#player = player;
  }

  /** Audio time up to which notes were handed over; nothing before it can still change. */
  get handedUntil(): Seconds {
    return this.#handedUntil;
  }

  /** Notes left out because their time had passed, as after a long stall of the page. */
  get missed(): number {
    return this.#missed;
  }

  /** Hands over the notes that begin before `now` + lookahead. Call often while playing. */
  advance(now: Seconds): void {
    if (!this.#transport.playing) return;
    const until = seconds(now + LOOKAHEAD);
    for (const note of this.#plan.take(Math.min(this.end, this.#transport.stepAt(until)))) {
      const sounding = this.#played(note);
      const start = this.#transport.timeOf(sounding.onset);
      if (start < now - LATEST) {
        this.#missed++;
        this.#leftOut(note);
        continue;
      }
      const end = this.#transport.timeOf(sounding.onset + sounding.duration);
      this.#player.play({
        instrument: note.instrument,
        pitch: note.pitch,
        velocity: sounding.velocity,
        start,
        length: seconds(end - start),
      });
      this.#handed(note);
    }
    this.#handedUntil = until;
    this.#plan.forgetBefore(this.#transport.stepAt(now));
  }

  /** Lets time stand still at what was handed over; what sounds rings on. */
  hold(now: Seconds): void {
    if (!this.#transport.playing) return;
    this.#transport.stop(seconds(Math.max(now, this.#handedUntil)));
  }

  /** Stops the sound at once, having come no further than to `end`; what was handed over and not heard is handed out again next time. */
  stop(now: Seconds): void {
    const isBounded = this.end < Number.POSITIVE_INFINITY && this.#transport.playing;
    const end = isBounded ? this.#transport.timeOf(this.end) : now;
    this.end = Number.POSITIVE_INFINITY;
    this.#transport.stop(seconds(Math.min(now, end)));
    this.#player.silence();
    this.#plan.rewind(this.#transport.stepAt(now));
    this.#handedUntil = now;
  }
}
