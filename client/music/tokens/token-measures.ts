/**
 * What a tilt weighs: of a time how long it waits, of a duration with its velocity how loud it is, of a note whether
 * the drums strike it. A tilted draw (see `SampleWay`) is denser, louder or has more of the drums, and stays the
 * model's own in all else: exponential tilting, the least change of a distribution that moves a mean.
 */
import { DRUMS } from "#music/instrument.ts";
import {
  CHORD_BASE,
  DURATION_BASE,
  NOTE_BASE,
  VELOCITY_BUCKETS,
  VOCABULARY_SIZE,
} from "./vocabulary.ts";

/** (VOCABULARY_SIZE) by token id: ln(1 + steps), the velocity's bucket, 1 for a stroke of the drums; else 0. */
export const TOKEN_MEASURES: Float32Array = Float32Array.from(
  { length: VOCABULARY_SIZE },
  (_, id) => {
    if (id < DURATION_BASE) return Math.log(1 + id);
    if (id < NOTE_BASE) return (id - DURATION_BASE) % VELOCITY_BUCKETS;
    return id < CHORD_BASE && (id - NOTE_BASE) >> 7 === DRUMS ? 1 : 0;
  },
);

/** The same in WGSL, for `DrawRules`; `ln` is the drawing program's. */
export const MEASURE_SOURCE = /* wgsl */ `
fn measure(token: u32) -> f32 {
  if (token < ${DURATION_BASE}u) { return ln(f32(token + 1u)); }
  if (token < ${NOTE_BASE}u) { return f32((token - ${DURATION_BASE}u) % ${VELOCITY_BUCKETS}u); }
  let struck = token >= ${NOTE_BASE + 128 * DRUMS}u && token < ${NOTE_BASE + 128 * (DRUMS + 1)}u;
  return select(0.0, 1.0, struck);
}
`;
