/** What a microphone heard of late, put together from blocks that come with their time on the audio clock. */

/** A block of one channel. */
export interface HeardSound {
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly rate: number;
  /** Seconds of the audio clock at the first sample. */
  readonly at: number;
}

/** See the header. */
export class SoundMemory {
  #blocks: HeardSound[] = [];

  /** The time up to which it was heard; before all times while nothing was. */
  get until(): number {
    const last = this.#blocks.at(-1);
    return last === undefined
      ? Number.NEGATIVE_INFINITY
      : last.at + last.samples.length / last.rate;
  }

  /** Samples a second, any while nothing was heard. */
  get rate(): number {
    return this.#blocks[0]?.rate ?? 48_000;
  }

  add(block: HeardSound): void {
    this.#blocks.push(block);
  }

  clear(): void {
    this.#blocks = [];
  }

  /** What was heard of [from, until), silence where nothing was. */
  between(from: number, until: number): Float32Array {
    const { rate } = this;
    const heard = new Float32Array(Math.max(0, Math.round((until - from) * rate)));
    for (const { samples, at } of this.#blocks) {
      const place = Math.round((at - from) * rate);
      const skipped = Math.max(0, -place);
      if (place >= heard.length || skipped >= samples.length) continue;
      const fits = samples.subarray(skipped, heard.length - place);
      heard.set(fits, place + skipped);
    }
    return heard;
  }
}
