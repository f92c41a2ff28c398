/**
 * Where sounds begin in what a microphone hears. A sound is seen where 5 ms are far louder than what came just before and
 * than the room usually is; where exactly it begins is found as seismologists pick the arrival of a wave: at the sample
 * that best parts the signal into a quiet and a loud half (Maeda 1985, the least Akaike information criterion).
 */

/** Hertz below which a room hums and a microphone drifts. */
const HUM = 100;
/** Seconds: what is held against each other, how far apart it is looked, how close the beginning is looked for. */
const LOUD = 0.005;
const BEFORE = 0.02;
const LOOK = 0.001;
const CLOSE = 0.012;
/** Seconds after which the next may begin. */
const APART = 0.05;
/** Power of a beginning, of that before it and of the room's. */
const RISE = 5;
/** Least power of a sound: a room without any noise is a muted microphone, whose last bits are no sound. */
const FAINTEST = 1e-9;

/** Sums of power, so that the mean of any stretch takes two looks. */
class Power {
  readonly #sums: Float64Array;
  readonly length: number;

  constructor(samples: Float32Array) {
    this.length = samples.length;
    this.#sums = new Float64Array(samples.length + 1);
    for (const [at, sample] of samples.entries())
      this.#sums[at + 1] = this.#sums[at] + sample * sample;
  }

  /** Mean power of [from, until) as far as there is any, 0 of nothing. */
  mean(from: number, until: number): number {
    const [first, end] = [Math.max(0, from), Math.min(this.length, until)];
    return end > first ? (this.#sums[end] - this.#sums[first]) / (end - first) : 0;
  }
}

/** Seconds from the first sample at which sounds begin in `samples`, one channel. @param rate samples a second */
export function soundStarts(samples: Float32Array, rate: number): number[] {
  const power = new Power(withoutHum(samples, rate));
  const frames = (seconds: number) => Math.round(seconds * rate);
  const room = usualPower(power, frames(LOUD));
  const starts: number[] = [];
  const end = power.length - frames(LOUD);
  for (let at = frames(BEFORE); at < end; at += frames(LOOK)) {
    const before = Math.max(room, power.mean(at - frames(BEFORE), at));
    if (power.mean(at, at + frames(LOUD)) < Math.max(FAINTEST, RISE * before)) continue;
    const first = partedAt(power, at - frames(CLOSE), at + frames(CLOSE));
    starts.push(first / rate);
    at = first + frames(APART);
  }
  return starts;
}

/** Mean power of `samples` in decibels of full scale, hum left out. */
export const levelOf = (samples: Float32Array, rate: number): number => {
  const power = new Power(withoutHum(samples, rate));
  return 10 * Math.log10(Math.max(FAINTEST, power.mean(0, power.length)));
};

/** What the room has when nothing sounds: the lower half of all stretches, in the middle. */
function usualPower(power: Power, size: number): number {
  const means: number[] = [];
  for (let at = 0; at + size <= power.length; at += size) means.push(power.mean(at, at + size));
  return means.sort((a, b) => a - b)[means.length >> 2] ?? 0;
}

/** The sample that best parts [from, until) into two powers. */
function partedAt(power: Power, from: number, until: number): number {
  const [first, end] = [Math.max(0, from), Math.min(power.length, until)];
  const margin = 8; // fewer samples have no power to speak of
  let [best, least] = [first, Number.POSITIVE_INFINITY];
  for (let at = first + margin; at <= end - margin; at++) {
    const criterion =
      (at - first) * Math.log(power.mean(first, at) + FAINTEST) +
      (end - at) * Math.log(power.mean(at, end) + FAINTEST);
    if (criterion < least) [best, least] = [at, criterion];
  }
  return best;
}

/** What lies above it, 24 dB an octave. */
const withoutHum = (samples: Float32Array, rate: number): Float32Array =>
  highPassed(highPassed(samples, rate), rate);

/** A high-pass of the second order (Audio EQ Cookbook, Bristow-Johnson). */
function highPassed(samples: Float32Array, rate: number): Float32Array {
  const omega = (2 * Math.PI * HUM) / rate;
  const [cos, alpha] = [Math.cos(omega), Math.sin(omega) / Math.SQRT2];
  const gain = (1 + cos) / 2 / (1 + alpha);
  const [back, farther] = [(2 * cos) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = gain * (x - 2 * x1 + x2) + back * y1 - farther * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}
