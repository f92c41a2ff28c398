/**
 * A batch of sequences as so many decoders, each for a composer that knows of no other. A token of each is taken at once:
 * a call of one waits until all that have not ended have called, and until `step` carries them out. They begin with one
 * past and never go back behind it.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { Decoder, DecoderBatch } from "#model/decoder.ts";
import type { TokenConditions, TokenRun } from "#model/token-run.ts";

/** A call that waits. */
interface Call {
  readonly run: TokenRun;
  readonly resolve: (logits: Float32Array) => void;
}

/** See the header. Not disposed: decoder and batch. */
export class BatchRows {
  readonly decoders: readonly Decoder[];
  readonly #decoder: Decoder;
  readonly #batch: DecoderBatch;
  readonly #calls = new Map<number, Call>();
  readonly #ended = new Set<number>();
  #begun = false;
  #whole: (() => void) | undefined;

  /** @param sequences those of the batch */
  constructor(decoder: Decoder, batch: DecoderBatch, sequences: number) {
    this.#decoder = decoder;
    this.#batch = batch;
    this.decoders = Array.from({ length: sequences }, (_, row) => this.#row(row));
  }

  /** A row calls no more. */
  end(row: number): void {
    this.#ended.add(row);
    this.#look();
  }

  /** Carries one call of each row out. */
  async step(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#whole = resolve;
      this.#look();
    });
    const calls = new Map(this.#calls);
    if (calls.size === 0) return;
    this.#calls.clear();
    const [first] = calls.values();
    if (!this.#begun) {
      this.#begun = true;
      const { tokens, conditions } = first.run;
      this.#decoder.truncate(0);
      const logits = (await this.#decoder.prefill(tokens, conditions)).slice();
      this.#batch.fork();
      for (const { resolve } of calls.values()) resolve(logits);
      return;
    }
    // Whoever has ended takes what another takes: nobody reads it.
    const runs = this.decoders.map((_, row) => (calls.get(row) ?? first).run);
    const conditions = runs.flatMap((run) => run.conditions ?? []);
    const logits = await this.#batch.decodeStep(
      runs.map(({ tokens }) => tokens[0]),
      first.run.conditions && conditions,
    );
    const { length } = this.decoders;
    const size = logits.length / length;
    for (const [row, { resolve }] of calls) resolve(logits.subarray(row * size, (row + 1) * size));
  }

  /** Goes on with `step` once nobody is waited for. */
  #look(): void {
    if (this.#calls.size + this.#ended.size < this.decoders.length) return;
    this.#whole?.();
    this.#whole = undefined;
  }

  #row(row: number): Decoder {
    const { architecture, backend } = this.#decoder;
    let position = 0;
    const handOver = (run: TokenRun): Promise<Float32Array> => {
      const isFirst = position === 0;
      if (!isFirst && run.tokens.length > 1) throw parted();
      position += run.tokens.length;
      return new Promise((resolve) => {
        this.#calls.set(row, { run, resolve });
        this.#look();
      });
    };
    const prefill = async (tokens: readonly number[], conditions?: readonly TokenConditions[]) =>
      handOver({ tokens, ...(conditions && { conditions }) });
    return {
      ...{ architecture, backend, oldestPosition: 0, prefill },
      get position() {
        return position;
      },
      decodeStep: (token, conditions) => prefill([token], conditions && [conditions]),
      truncate: (to) => {
        assert(to <= position, `truncate(${to}): the row is at ${position}`);
        if (to < position) throw parted();
      },
      dispose: () => undefined,
    };
  }
}

/** One of the rows is to see another past, and no batch can. */
const parted = (): Failure =>
  new Failure("unsupported", "Sequences of a batch see one past; draw them one after the other.");
