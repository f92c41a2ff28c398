/**
 * How fast music is composed, how dense it may get at that speed, and how much of it must lie ahead so that playing
 * does not stop. Measured over the newest batches, since the pace changes with the context and with what else the
 * machine has to do.
 */
import { STEPS_PER_WHOLE } from "#music/units.ts";

/** Seconds ahead that playing needs on a machine that keeps up. */
const LEAST_AHEAD = 2;

/** Seconds ahead kept while playing. */
const TARGET_AHEAD = 4;

/** Seconds ahead that a slow machine begins with: its pace is known less well at the start. */
const SLOW_AHEAD = 8;

/** A machine keeps up if it composes a full band this much faster than the music goes: bands grow denser than that. */
const MARGIN = 1.6;

/** A machine with less than this much to spare composes farther ahead, since dense music comes. */
const AMPLE = 3;

/** Part of its pace that a machine keeps once it also has to sound and draw. */
const WHILE_PLAYING = 0.85;

/**
 * Attention costs more the more there is to attend to: a token at the full context takes up to this
 * much longer than one at the beginning (`npm run bench -- decode`: 31 to 42 ms emulated, 1.8 to 2.5 ms on the CPU).
 */
const FULL_CONTEXT = { tokens: 600, slowdown: 1.45 } as const;

const TOKENS_PER_NOTE = 3;

/** Notes a whole note of a full band (the bands that training/report listens to play as many on the average). */
const FULL_BAND = 45;

/** Notes a whole note: above the most, music is rare and no limit is needed; below the least, there is no band left. */
const DENSITY = { least: 16, most: 120, grain: 4 } as const;

/** Part of its pace that a machine may spend on the densest music it is allowed; the rest refills what lies ahead. */
const SPENT = 0.8;

/** Seconds that a machine too slow for the least density shall play without a gap. */
const UNBROKEN = 125;

/** Milliseconds of composing that the measure remembers. */
const MEMORY = 12_000;

/** Milliseconds of composing at the start that are not counted: code still warms up. */
const WARM_UP = 400;

/** Milliseconds of composing before the pace is trusted to limit the band. */
const TRUSTED = 400;

/** Running figures over composed batches. */
export class Pace {
  #tokens = 0;
  #steps = 0;
  #milliseconds = 0;
  /** Of `#milliseconds`, those while music sounded, and their sum weighted by how full the context was. */
  #whilePlaying = 0;
  #filled = 0;
  #warmedUp = 0;
  /** Tokens of the piece, as far as they count for the context. */
  #drawn = 0;

  /** Tokens drawn a second of composing; 0 before the first batch. */
  get tokensPerSecond(): number {
    return this.#milliseconds === 0 ? 0 : (1000 * this.#tokens) / this.#milliseconds;
  }

  /** Another piece begins: the context is empty again. */
  beginPiece(): void {
    this.#drawn = 0;
  }

  /** A batch took `milliseconds` and moved the music on by `steps`. The first ones only warm up. */
  add(tokens: number, steps: number, milliseconds: number, playing: boolean): void {
    this.#drawn = Math.min(FULL_CONTEXT.tokens, this.#drawn + tokens);
    if (this.#warmedUp < WARM_UP) {
      this.#warmedUp += milliseconds;
      return;
    }
    const kept = Math.min(1, Math.max(0, MEMORY - milliseconds) / Math.max(1, this.#milliseconds));
    this.#tokens = this.#tokens * kept + tokens;
    this.#steps = this.#steps * kept + steps;
    this.#milliseconds = this.#milliseconds * kept + milliseconds;
    this.#whilePlaying = this.#whilePlaying * kept + (playing ? milliseconds : 0);
    this.#filled = this.#filled * kept + (milliseconds * this.#drawn) / FULL_CONTEXT.tokens;
  }

  /** Seconds of music composed in a second; 0 before the first batch. */
  realTimeFactor(secondsPerStep: number): number {
    return this.#milliseconds === 0
      ? 0
      : (1000 * this.#steps * secondsPerStep) / this.#milliseconds;
  }

  /** Most notes a whole note that can be composed without end; undefined where no limit is needed, or too little is known. */
  densityLimit(secondsPerStep: number): number | undefined {
    if (this.#milliseconds < TRUSTED) return undefined;
    const notes = this.#expectedNotes(secondsPerStep) * SPENT;
    if (notes >= DENSITY.most) return undefined;
    return Math.max(DENSITY.least, DENSITY.grain * Math.floor(notes / DENSITY.grain));
  }

  /** Whether a limit takes notes from a full band. */
  thins(limit: number | undefined): boolean {
    return limit !== undefined && limit < FULL_BAND;
  }

  /** Whether a machine has so little to spare that nothing it composed should be thrown away. */
  isSlow(secondsPerStep: number): boolean {
    const factor = this.#expectedFactor(secondsPerStep);
    return factor > 0 && factor < MARGIN;
  }

  /** Seconds ahead wanted before playing begins. */
  aheadWanted(secondsPerStep: number): number {
    if (!this.isSlow(secondsPerStep)) return LEAST_AHEAD;
    return SLOW_AHEAD + UNBROKEN * Math.max(0, 1 - SPENT * this.#expectedFactor(secondsPerStep));
  }

  /** Seconds ahead that composing aims for. */
  aheadTarget(secondsPerStep: number): number {
    const factor = this.#expectedFactor(secondsPerStep);
    const reserve = factor === 0 ? 0 : 10 * Math.max(0, AMPLE - factor);
    return Math.max(TARGET_AHEAD + reserve, this.aheadWanted(secondsPerStep) + 1);
  }

  /** The real-time factor to expect of a full band, as dense as it may be; 0 before the first batch. */
  #expectedFactor(secondsPerStep: number): number {
    const band = Math.min(FULL_BAND, this.densityLimit(secondsPerStep) ?? FULL_BAND);
    return this.#expectedNotes(secondsPerStep) / band;
  }

  /** Notes to expect in the time of a whole note, with a full context and while playing; 0 before the first batch. */
  #expectedNotes(secondsPerStep: number): number {
    if (this.#milliseconds === 0) return 0;
    // A token of the measure took as long as its context was full; the same again once it is quite full.
    const filled = this.#filled / this.#milliseconds;
    const slowdown = FULL_CONTEXT.slowdown / (1 + (FULL_CONTEXT.slowdown - 1) * filled);
    const playing = this.#whilePlaying / this.#milliseconds;
    const kept = WHILE_PLAYING + (1 - WHILE_PLAYING) * playing;
    const perSecond = (this.tokensPerSecond * kept) / slowdown / TOKENS_PER_NOTE;
    return perSecond * STEPS_PER_WHOLE * secondsPerStep;
  }
}
