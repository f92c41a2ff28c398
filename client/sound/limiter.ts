/**
 * The last stage: a soft limiter as a transfer curve, without memory and without oversampling,
 * because it then is bit-stable between engines (DynamicsCompressorNode is not). Straight up to
 * the knee, so that music at its usual level passes untouched; above it a tanh that never reaches 1.
 */

/** Amplitude the curve spans: inputs beyond it come out as the ceiling. */
export const LIMITER_RANGE = 4;
/** Amplitude up to which nothing changes. */
export const LIMITER_KNEE = 0.7;
/** Amplitude that is never passed (-0.4 dBFS). */
export const LIMITER_CEILING = 0.955;

/** Output for an input amplitude. */
export function limit(amplitude: number): number {
  const size = Math.abs(amplitude);
  if (size <= LIMITER_KNEE) return amplitude;
  const span = LIMITER_CEILING - LIMITER_KNEE;
  return Math.sign(amplitude) * (LIMITER_KNEE + span * Math.tanh((size - LIMITER_KNEE) / span));
}

/** Curve for a WaveShaperNode whose input was divided by `LIMITER_RANGE`; odd length, zero in the middle. */
export function limiterCurve(): Float32Array<ArrayBuffer> {
  const half = 8192;
  return Float32Array.from({ length: 2 * half + 1 }, (_, index) =>
    limit(((index - half) / half) * LIMITER_RANGE),
  );
}
