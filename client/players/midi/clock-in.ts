/**
 * Follows a MIDI clock: 24 ticks a quarter, start, stop, continue and song position (MIDI 1.0, system real time). Ticks
 * come late and early, are lost, come twice, stop; a loop (clock-loop.ts) says where they truly are, and here is judged
 * which tick one is. Owns no clock: every message comes with its time, in milliseconds.
 */
import { ClockLoop } from "./clock-loop.ts";

export const TICKS_PER_QUARTER = 24;
/** A song position counts sixteenths. */
const TICKS_PER_SIXTEENTH = 6;

/** Ticks by which the tempo is known well enough to be followed: two beats. */
const LOCKED = 48;
/** Ticks from which the first period is taken. */
const FIRST = 12;
/** Periods without a tick after which the clock counts as stopped: two thirds of a beat. */
const MISSED = 16;
/** Ticks by which a slip, or another tempo altogether, may look like lost or doubled ones. */
const MOST_SLIPPED = 4;
/**
 * A tick that is late by so many times what ticks are usually off, and by a period (but for a share of it), stands for all
 * that were to come until then: they are lost, or late themselves, as of a sender that stalled, and come so much of a period
 * before the next one could. After so many that came in time they are lost. What is usual forgets at this rate.
 */
const GAP = { near: 0.3, times: 6, before: 0.5, lost: 8, forgets: 0.05 } as const;
/** Errors looked at for a slip, how near to whole periods they must lie, and how much they may drift meanwhile. */
const SLIP = { ticks: 8, near: 0.3, drift: 0.4 } as const;
/**
 * Ticks looked at for another tempo altogether, and by what share of a period they must differ: at least, and for each
 * period by which their line is crooked (root mean square). A lost tick, too, makes it steeper, but crooked as well.
 */
const JUMP = { ticks: 12, least: 0.03, crooked: 0.7 } as const;
/**
 * A tick sooner than this share of a period after another may be its double, as where one clock comes by two ways; it is
 * left out once there were several within a few ticks, because a late tick and an early one look like it, too.
 */
const DOUBLE = { share: 0.3, sure: 4, most: 12 } as const;

/** Standard deviation of errors whose mean size is 1. */
const DEVIATION = Math.sqrt(Math.PI / 2);

/** What a follower knows. */
export interface FollowedClock {
  /** Whether ticks arrive. */
  readonly ticking: boolean;
  /** Whether the tempo is known: two beats were heard without a break. */
  readonly locked: boolean;
  /** Quarter notes a minute; undefined until some ticks were heard. */
  readonly tempo: number | undefined;
  /** By how much it may be off, as ticks come late and early (standard deviation); 0 while there is no tempo. */
  readonly tempoOff: number;
  /** Whether the sender plays: it said start or continue and no stop. */
  readonly playing: boolean;
}

/** See the header. */
export class ClockFollower {
  #loop: ClockLoop | undefined;
  /** Arrivals since the clock was found, the newest 48. */
  #arrivals: number[] = [];
  #heard = 0;
  #errors: number[] = [];
  /** How far ticks are usually off, milliseconds. */
  #usual = 0;
  /** Ticks that were counted before they came, and may be late; and how many came in time since. */
  #owed = 0;
  #inTime = 0;
  /** Ticks counted as lost, with how many had been heard then: another tempo would show them never to have been. */
  #guesses: { readonly heard: number; readonly ticks: number }[] = [];
  #last = Number.NEGATIVE_INFINITY;
  /** How many of the newest ticks look like doubles: 2 for each, less one for each that does not. */
  #doubles = 0;
  /** When the newest tick truly was. */
  #truly = 0;
  /** Ticks from the beginning of the piece to the newest one, where the sender plays. */
  #position = 0;
  #playing = false;
  /** The next tick is the one at the position: start, continue and song position come before it. */
  #pending = false;

  /** A tick that arrived at `time`. */
  tick(time: number): void {
    const since = time - this.#last;
    if (this.#loop !== undefined && since > MISSED * this.#loop.period) this.#lose();
    const isOwed = this.#isOwed(time);
    if (!isOwed && this.#isDouble(time)) return;
    this.#last = time;
    this.#arrivals.push(time);
    if (this.#arrivals.length > LOCKED + 1) this.#arrivals.shift();
    this.#heard++;
    if (isOwed) return;
    if (this.#playing && !this.#pending) this.#position++;
    this.#pending = false;
    if (this.#loop === undefined) this.#find(time);
    else this.#follow(this.#loop, time);
  }

  /** The next tick is the first of the piece. */
  start(): void {
    this.#position = 0;
    this.#playing = true;
    this.#pending = true;
  }

  /** The next tick is the one at the position. */
  continue(): void {
    this.#playing = true;
    this.#pending = true;
  }

  /** The piece stands; ticks may go on. */
  stop(): void {
    this.#playing = false;
    this.#pending = false;
  }

  /** Where the piece goes on. @param sixteenths from its beginning, 0-16383 */
  locate(sixteenths: number): void {
    this.#position = sixteenths * TICKS_PER_SIXTEENTH;
    this.#pending = this.#playing;
  }

  /** What is known at `time`. */
  at(time: number): FollowedClock {
    const loop = this.#loop;
    const ticking = loop !== undefined && time - this.#last <= MISSED * loop.period;
    return {
      ticking,
      locked: ticking && this.#heard > LOCKED,
      ...(loop === undefined ? { tempo: undefined, tempoOff: 0 } : this.#tempo(loop)),
      playing: this.#playing && ticking && !this.#pending,
    };
  }

  /** Quarters from the beginning of the piece to `time`; meaningful while it plays. */
  quarterAt(time: number): number {
    const { period = Number.POSITIVE_INFINITY } = this.#loop ?? {};
    return (this.#position + (time - this.#truly) / period) / TICKS_PER_QUARTER;
  }

  /** The first ticks: a loop is begun once there are some. */
  #find(time: number): void {
    this.#truly = time;
    if (this.#arrivals.length < FIRST) return;
    const { period, last, crooked } = fittedLine(this.#arrivals);
    this.#loop = new ClockLoop(last, period);
    this.#truly = last;
    this.#usual = crooked;
  }

  #follow(loop: ClockLoop, time: number): void {
    if (this.#hasJumped(loop)) {
      for (const { heard, ticks } of this.#guesses) {
        if (heard > this.#heard - JUMP.ticks) this.#move(-ticks);
      }
      this.#begin(this.#arrivals.slice(-JUMP.ticks));
      return;
    }
    const error = loop.errorOf(time);
    this.#errors.push(error);
    if (this.#errors.length > SLIP.ticks) this.#errors.shift();
    const slip = this.#lostBefore(error, loop.period) || slipOf(this.#errors, loop.period);
    if (slip === 0) this.#usual += GAP.forgets * (Math.abs(error) - this.#usual);
    else this.#skip(loop, slip);
    this.#truly = loop.tick(time);
  }

  /** Lost ticks were time that passed, doubled ones were not. */
  #skip(loop: ClockLoop, ticks: number): void {
    loop.skip(ticks);
    this.#move(ticks);
    this.#errors = [];
    this.#guesses = [...this.#guesses.slice(1 - JUMP.ticks), { heard: this.#heard, ticks }];
  }

  #move(ticks: number): void {
    if (this.#playing) this.#position += ticks;
  }

  /** Ticks that were to come before one that is so late. */
  #lostBefore(error: number, period: number): number {
    const lost = Math.floor(error / period + GAP.near);
    if (lost <= 0 || error <= GAP.times * this.#usual) return 0;
    this.#owed += lost;
    this.#inTime = 0;
    return lost;
  }

  /** Whether this is a late tick that was counted already. */
  #isOwed(time: number): boolean {
    if (this.#owed === 0 || this.#loop === undefined) return false;
    const isLate = this.#loop.errorOf(time) < -GAP.before * this.#loop.period;
    this.#inTime = isLate ? 0 : this.#inTime + 1;
    if (isLate) this.#owed--;
    else if (this.#inTime >= GAP.lost) this.#owed = 0;
    return isLate;
  }

  #begin(arrivals: number[]): void {
    this.#lose();
    this.#arrivals = arrivals;
    this.#heard = arrivals.length;
    this.#find(arrivals[arrivals.length - 1]);
  }

  /** The clock stood: its ticks begin anew, from where the piece was. */
  #lose(): void {
    this.#arrivals = [];
    this.#errors = [];
    this.#guesses = [];
    this.#owed = 0;
    this.#heard = 0;
    this.#loop = undefined;
  }

  #hasJumped({ period }: ClockLoop): boolean {
    const newest = this.#arrivals.slice(-JUMP.ticks);
    if (newest.length < JUMP.ticks || this.#doubles > 0) return false;
    const line = fittedLine(newest);
    const crooked = (JUMP.crooked * line.crooked) / Math.min(period, line.period);
    return Math.abs(line.period / period - 1) > Math.max(JUMP.least, crooked);
  }

  /** Whether this is the second of two. */
  #isDouble(time: number): boolean {
    if (this.#loop === undefined) return false;
    const looksSo = time - this.#last < DOUBLE.share * this.#loop.period;
    this.#doubles = looksSo
      ? Math.min(DOUBLE.most, this.#doubles + 2)
      : Math.max(0, this.#doubles - 1);
    return looksSo && this.#doubles >= DOUBLE.sure;
  }

  /** Until two beats were heard a straight line through the ticks knows better than the loop. */
  #tempo(loop: ClockLoop): { tempo: number; tempoOff: number } {
    const ticks = this.#arrivals.length;
    const isEarly = this.#heard <= LOCKED + 1 && ticks >= FIRST;
    const period = isEarly ? fittedLine(this.#arrivals).period : loop.period;
    const tempo = 60_000 / TICKS_PER_QUARTER / period;
    const blur = isEarly ? Math.sqrt(12 / ticks ** 3) : loop.blur;
    return { tempo, tempoOff: (tempo * blur * DEVIATION * this.#usual) / period };
  }
}

/** Whole periods by which the newest errors are off together; 0 where they are not. */
function slipOf(errors: readonly number[], period: number): number {
  if (errors.length < SLIP.ticks) return 0;
  const half = SLIP.ticks / 2;
  const drift = middleOf(errors.slice(half)) - middleOf(errors.slice(0, half));
  if (Math.abs(drift) > SLIP.drift * period) return 0;
  const middle = middleOf(errors);
  const slip = Math.round(middle / period);
  if (slip === 0 || Math.abs(slip) > MOST_SLIPPED) return 0;
  return Math.abs(middle / period - slip) < SLIP.near ? slip : 0;
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** The straight line through ticks a period apart (least squares): the period, where the last one lies, how crooked it is. */
function fittedLine(arrivals: readonly number[]): {
  period: number;
  last: number;
  crooked: number;
} {
  const middle = (arrivals.length - 1) / 2;
  const mean = arrivals.reduce((sum, time) => sum + time, 0) / arrivals.length;
  let product = 0;
  let square = 0;
  for (const [index, time] of arrivals.entries()) {
    product += (index - middle) * (time - mean);
    square += (index - middle) ** 2;
  }
  const period = product / square;
  const off = arrivals.reduce(
    (sum, time, index) => sum + (time - mean - period * (index - middle)) ** 2,
    0,
  );
  return { period, last: mean + middle * period, crooked: Math.sqrt(off / arrivals.length) };
}
