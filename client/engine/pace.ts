/**
 * How fast music is composed, and how much of it must lie ahead so that playing does not stop.
 * Measured over the newest batches, since the pace changes with the density of the music.
 */

/** Seconds of lead that playing needs on a machine that keeps up. */
const LEAST_LEAD = 2;

/** Seconds of lead kept while playing. */
const TARGET_LEAD = 4;

/**
 * A machine keeps up if it composes this much faster than the music goes: after a change of lead the context is
 * short again and the pace better than it will be, and bands grow denser than a full one now and then.
 */
const MARGIN = 1.6;

/** Part of its pace that a machine keeps once it also has to sound and draw. */
const WHILE_PLAYING = 0.85;

/**
 * Attention costs more the more there is to attend to: a token at the full context takes up to this
 * much longer than one at the beginning (bench LOG: 16 to 30 ms emulated, 3.4 to 6 ms on the CPU).
 */
const FULL_CONTEXT = { tokens: 600, slowdown: 1.8 } as const;

/**
 * Tokens a step of a full band, 45 notes a bar: openings are sparse and say too little of what comes (the bands
 * that training/report listens to play 45 notes a bar on the average).
 */
const FULL_BAND = (45 * 3) / 32;

/** A machine with less than this much to spare composes farther ahead, since dense music comes. */
const AMPLE = 3;

/** Seconds that a machine which does not keep up shall play without a gap. */
const UNBROKEN = 125;

/** Milliseconds of composing that the measure remembers. */
const MEMORY = 12_000;

/** Milliseconds of composing at the start that are not counted: code still warms up. */
const WARM_UP = 400;

/** Running figures over composed batches. */
export class Pace {
  #tokens = 0;
  #steps = 0;
  #milliseconds = 0;
  #warmedUp = 0;
  #drawn = 0;

  /** Seconds of lead wanted by a machine that keeps up. */
  get leastLead(): number {
    return LEAST_LEAD;
  }

  /** Tokens drawn a second of composing; 0 before the first batch. */
  get tokensPerSecond(): number {
    return this.#milliseconds === 0 ? 0 : (1000 * this.#tokens) / this.#milliseconds;
  }

  /** A batch took `milliseconds` and moved the music on by `steps`. The first ones only warm up. */
  add(tokens: number, steps: number, milliseconds: number): void {
    this.#drawn += tokens;
    if (this.#warmedUp < WARM_UP) {
      this.#warmedUp += milliseconds;
      return;
    }
    const kept = Math.min(1, Math.max(0, MEMORY - milliseconds) / Math.max(1, this.#milliseconds));
    this.#tokens = this.#tokens * kept + tokens;
    this.#steps = this.#steps * kept + steps;
    this.#milliseconds = this.#milliseconds * kept + milliseconds;
  }

  /** Seconds of music composed in a second; 0 before the first batch. */
  realTimeFactor(secondsPerStep: number): number {
    return this.#milliseconds === 0
      ? 0
      : (1000 * this.#steps * secondsPerStep) / this.#milliseconds;
  }

  /** Seconds of lead wanted before playing begins. */
  leadWanted(secondsPerStep: number): number {
    const factor = this.#expectedFactor(secondsPerStep);
    if (factor === 0 || factor >= MARGIN) return LEAST_LEAD;
    return LEAST_LEAD + UNBROKEN * (1 - factor / MARGIN);
  }

  /** Seconds of lead that composing aims for. */
  leadTarget(secondsPerStep: number): number {
    const factor = this.#expectedFactor(secondsPerStep);
    const reserve = factor === 0 ? 0 : 10 * Math.max(0, AMPLE - factor);
    return Math.max(TARGET_LEAD + reserve, this.leadWanted(secondsPerStep) + 1);
  }

  /** The real-time factor to expect of a full band with a full context, while playing; 0 before the first batch. */
  #expectedFactor(secondsPerStep: number): number {
    const filled = Math.min(1, this.#drawn / FULL_CONTEXT.tokens);
    const slowdown = 1 + (FULL_CONTEXT.slowdown - 1) * (1 - filled);
    const fullBand = (this.tokensPerSecond * secondsPerStep) / FULL_BAND;
    const factor = Math.min(this.realTimeFactor(secondsPerStep), fullBand);
    return (factor * WHILE_PLAYING) / slowdown;
  }
}
