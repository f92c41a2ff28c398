/**
 * Several sequences that go on from one past, a token of each a step: futures of a piece, or tracks at once. Every
 * matrix is read once for all of them (decode-product.ts), which is what a step costs. They share one copy of the
 * decoder's cache at the fork, and each has a tail of its own for what it takes from there on (batch-layout.ts).
 */
import { assert } from "#base/assert.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { assertTokens } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { BatchLayout } from "./batch-layout.ts";
import { CommandPlan } from "./command-plan.ts";
import { accepted, DeviceMemory } from "./device-memory.ts";
import type { DeviceWeights } from "./device-weights.ts";
import { LogitsReadback } from "./logits-readback.ts";
import { extents, type ProgramSizes } from "./program-sources.ts";
import type { Pipelines, Programs } from "./programs.ts";
import { TokenRecords } from "./token-record.ts";

/** Bytes of a slot in a row: a vec4f. */
const SLOT = 16;

/** Beyond this, sums of all sequences no longer fit an invocation's registers. */
const MOST_SEQUENCES = 16;

/** What of a decoder its batches use. */
export interface BatchParts {
  readonly device: GPUDevice;
  readonly weights: DeviceWeights;
  readonly programs: Programs;
  readonly sizes: ProgramSizes;
  /** The decoder's own. */
  readonly plan: CommandPlan;
  readonly layout: KvLayout;
  /** A layout like that one, at position 0. */
  readonly makeLayout: () => KvLayout;
  readonly frequencies: Float32Array;
}

/** How to make a batch. */
export interface BatchOptions {
  /**
   * Most tokens that a sequence takes from a fork on; each costs memory in every sequence. Without an end by
   * default, which costs a cache for each.
   */
  readonly reach?: number;
}

/** Opens a batch at the decoder's position. @throws Failure "unavailable" where memory does not suffice. */
export async function createBatch(
  parts: BatchParts,
  sequences: number,
  { reach = Number.POSITIVE_INFINITY }: BatchOptions = {},
): Promise<BatchDecoder> {
  assert(
    Number.isInteger(sequences) && sequences >= 1 && sequences <= MOST_SEQUENCES,
    `a batch of ${sequences}: expected 1..${MOST_SEQUENCES}`,
  );
  const layout = parts.makeLayout();
  const places = new BatchLayout(layout, reach);
  const pipelines = await parts.programs.forBatch({ sequences, tail: places.tail });
  const memory = new DeviceMemory(parts.device);
  try {
    return await accepted(
      parts.device,
      () => new BatchDecoder(parts, memory, pipelines, sequences, layout, places),
    );
  } catch (error) {
    memory.dispose();
    throw error;
  }
}

/** See the header; made by `WebgpuDecoder.batch`. Not re-entrant: await each call before the next. */
export class BatchDecoder {
  /** B. */
  readonly sequences: number;
  readonly #parts: BatchParts;
  readonly #memory: DeviceMemory;
  readonly #pipelines: Pipelines;
  readonly #records: TokenRecords;
  readonly #plan: CommandPlan;
  readonly #readback: LogitsReadback;
  readonly #logits: Float32Array;
  /** Of every sequence, since all are equally long. */
  readonly #layout: KvLayout;
  readonly #places: BatchLayout;
  #disposed = false;

  constructor(
    parts: BatchParts,
    memory: DeviceMemory,
    pipelines: Pipelines,
    sequences: number,
    layout: KvLayout,
    places: BatchLayout,
  ) {
    const { sizes } = parts;
    this.sequences = sequences;
    this.#parts = parts;
    this.#memory = memory;
    this.#pipelines = pipelines;
    this.#layout = layout;
    this.#places = places;
    this.#records = new TokenRecords(layout, parts.frequencies, sequences + 1);
    const room = { tokens: sequences, sequences, tail: places.tail };
    this.#plan = new CommandPlan(memory, parts.weights, parts.programs, sizes, this.#records, room);
    this.#readback = new LogitsReadback(memory, this.#plan.logits.size / 4);
    this.#logits = new Float32Array(sequences * sizes.architecture.vocabulary);
    this.fork();
  }

  /** Tokens each sequence has taken: the position its next token will get. */
  get position(): number {
    return this.#layout.position;
  }

  /** The smallest position `truncate` accepts now: where the sequences part, or later once their caches have rolled. */
  get oldestPosition(): number {
    return Math.max(this.#places.forkedAt, this.#layout.oldestPosition);
  }

  /** Bytes on the device that the batch adds to its decoder's. */
  get memoryBytes(): number {
    return this.#memory.bytes;
  }

  /** Makes every sequence what the decoder's is now; a copy on the device, nothing is computed. */
  fork(): void {
    const { layout } = this.#parts;
    this.#layout.truncate(0);
    advance(this.#layout, layout.position);
    this.#places.fork(layout.position);
    const { sharedUntil, forkedAt } = this.#places;
    this.#copyCaches((encoder, ofDecoder, ofBatch) => {
      if (sharedUntil > 0) encoder.copyBufferToBuffer(ofDecoder, 0, ofBatch, 0, ofDecoder.size);
      else if (forkedAt > 0)
        for (let b = 0; b < this.sequences; b++)
          this.#eachRow(b, (cacheRow, tailRow) =>
            encoder.copyBufferToBuffer(ofDecoder, cacheRow, ofBatch, tailRow, SLOT * forkedAt),
          );
    });
  }

  /** Takes a token of each sequence (B) and returns the logits after them, (B, V), valid until the next call. */
  async decodeStep(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    assert(!this.#disposed, "the batch was disposed of");
    const { architecture } = this.#parts.sizes;
    const run = { tokens, conditions };
    assertTokens(architecture, run);
    assert(
      tokens.length === this.sequences,
      `${tokens.length} tokens for ${this.sequences} sequences`,
    );
    assert(this.#layout.hasRoom(1), `position ${this.position} is past the context`);
    assert(this.#places.reaches(this.position), `position ${this.position} is past the reach`);
    this.#readback.assertAlive();
    this.#plan.submitBatch(this.#pipelines, this.#places, run, this.position, (encoder) =>
      this.#readback.copy(encoder, this.#plan.logits),
    );
    this.#layout.advance(1);
    return this.#rows(await this.#readback.read());
  }

  /** Forgets every token from `position` on, in all sequences, exactly. Throws before the fork or out of reach. */
  truncate(position: number): void {
    const { forkedAt } = this.#places;
    assert(position >= forkedAt, `truncate(${position}): the sequences part at ${forkedAt}`);
    this.#layout.truncate(position);
  }

  /**
   * Makes sequence `b` the decoder's own; the batch stays as it is. The decoder must be where the batch was forked,
   * with the tokens it had then: truncated to there, if it went on meanwhile.
   */
  adopt(b: number): void {
    assert(!this.#disposed, "the batch was disposed of");
    const { layout } = this.#parts;
    assert(
      Number.isInteger(b) && b >= 0 && b < this.sequences,
      `sequence ${b}: expected 0..${this.sequences - 1}`,
    );
    const { forkedAt } = this.#places;
    assert(
      layout.position === forkedAt,
      `the decoder is at ${layout.position}, and the batch was forked at ${forkedAt}`,
    );
    const runs = this.#places.tailRuns(this.position);
    this.#copyCaches((encoder, ofDecoder, ofBatch) =>
      this.#eachRow(b, (cacheRow, tailRow) => {
        for (const { tailSlot, cacheSlot, count } of runs) {
          const [from, to] = [tailRow + SLOT * tailSlot, cacheRow + SLOT * cacheSlot];
          encoder.copyBufferToBuffer(ofBatch, from, ofDecoder, to, SLOT * count);
        }
      }),
    );
    advance(layout, this.position - forkedAt);
  }

  /** Frees the device memory of the batch. Its decoder does so too when it is disposed of. */
  dispose(): void {
    this.#disposed = true;
    this.#memory.dispose();
  }

  #copyCaches(
    copy: (encoder: GPUCommandEncoder, ofDecoder: GPUBuffer, ofBatch: GPUBuffer) => void,
  ): void {
    const { device, plan } = this.#parts;
    const encoder = device.createCommandEncoder();
    plan.caches.forEach(({ keys, values }, layer) => {
      copy(encoder, keys, this.#plan.caches[layer].keys);
      copy(encoder, values, this.#plan.caches[layer].values);
    });
    device.queue.submit([encoder.finish()]);
  }

  /** Where each row of slots begins, in bytes: in the decoder's cache, and in the tail of sequence `b`. */
  #eachRow(b: number, copy: (cacheRow: number, tailRow: number) => void): void {
    const { architecture, slots } = this.#parts.sizes;
    const { tail } = this.#places;
    const rows = (architecture.heads * architecture.headDim) / 4;
    for (let row = 0; row < rows; row++)
      copy(SLOT * row * slots, SLOT * (rows * (slots + b * tail) + row * tail));
  }

  /** Leaves out what pads rows. */
  #rows(padded: Float32Array): Float32Array {
    const { vocabulary } = this.#parts.sizes.architecture;
    const stride = 4 * extents(this.#parts.sizes).logits.columns;
    for (let b = 0; b < this.sequences; b++)
      this.#logits.set(padded.subarray(b * stride, b * stride + vocabulary), b * vocabulary);
    return this.#logits;
  }
}

function advance(layout: KvLayout, count: number): void {
  for (let left = count; left > 0; left -= layout.chunkLimit)
    layout.advance(Math.min(left, layout.chunkLimit));
}
