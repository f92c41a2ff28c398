/** What a pull and a stretch weigh (see `SampleWay`): of a duration with its velocity, how loud and how long it is. */
import { DURATION_BASE, NOTE_BASE, VELOCITY_BUCKETS, VOCABULARY_SIZE } from "./vocabulary.ts";

/** (VOCABULARY_SIZE) by token id: the velocity's bucket, of other tokens 0. */
export const TOKEN_MEASURES: Float32Array = Float32Array.from(
  { length: VOCABULARY_SIZE },
  (_, id) => (id < DURATION_BASE || id >= NOTE_BASE ? 0 : (id - DURATION_BASE) % VELOCITY_BUCKETS),
);

/** (VOCABULARY_SIZE) by token id: doublings of a step that the duration lasts, of other tokens 0. */
export const TOKEN_EXTENTS: Float32Array = Float32Array.from(
  { length: VOCABULARY_SIZE },
  (_, id) =>
    id < DURATION_BASE || id >= NOTE_BASE
      ? 0
      : Math.log2(Math.max(1, Math.floor((id - DURATION_BASE) / VELOCITY_BUCKETS))),
);

/** The same in WGSL, for `DrawRules`. */
export const MEASURE_SOURCE = /* wgsl */ `
fn extent(token: u32) -> f32 {
  if (token < ${DURATION_BASE}u || token >= ${NOTE_BASE}u) { return 0.0; }
  return log2(max(1.0, f32((token - ${DURATION_BASE}u) / ${VELOCITY_BUCKETS}u)));
}
fn measure(token: u32) -> f32 {
  if (token < ${DURATION_BASE}u || token >= ${NOTE_BASE}u) { return 0.0; }
  return f32((token - ${DURATION_BASE}u) % ${VELOCITY_BUCKETS}u);
}
`;
