/**
 * Puts a token that was just drawn where its pass reads it: its row of the embedding, and those of its conditions,
 * into the stream, summed in the order of `FoldedEmbedding.rows`; and the record of its position, which is known
 * beforehand, among the tokens of the pass.
 */

/** Sizes in words of 4 bytes. */
export interface EmbedSizes {
  readonly vocabulary: number;
  readonly dim: number;
  /** Words of a token record, see `TokenRecords.stride`. */
  readonly recordWords: number;
  /** Conditions of a token, 0 of models without. */
  readonly conditionGroups: number;
}

/**
 * WGSL of `fn place(id, step, lane)`, called by all LANES invocations; bindings from `first` on. Reads the token's
 * conditions from `carried`, where there are groups of them.
 */
export const embedRow = (
  { vocabulary, dim, recordWords, conditionGroups }: EmbedSizes,
  first: number,
): string => /* wgsl */ `
@group(0) @binding(${first}) var<storage, read> embedding: array<vec4f>; // (V, dim), then conditions (rows, dim)
@group(0) @binding(${first + 1}) var<storage, read> records: array<u32>; // of every token to be drawn
@group(0) @binding(${first + 2}) var<storage, read_write> tokens: array<u32>; // of the pass
@group(0) @binding(${first + 3}) var<storage, read_write> stream: array<vec4f>; // (1, dim)

fn place(id: u32, step: u32, lane: u32) {
  for (var i = lane; i < ${dim / 4}u; i += LANES) {
    var sum = embedding[id * ${dim / 4}u + i];
    ${conditionGroups > 0 ? addConditions(vocabulary, dim, conditionGroups) : ""}
    stream[i] = sum;
  }
  for (var i = lane; i < ${recordWords}u; i += LANES) { tokens[i] = records[step * ${recordWords}u + i]; }
}
`;

const addConditions = (vocabulary: number, dim: number, groups: number): string => /* wgsl */ `
    for (var group = 0u; group < ${groups}u; group++) {
      sum += embedding[(${vocabulary}u + carried[group]) * ${dim / 4}u + i];
    }`;
