/**
 * Channel messages of all tracks in columns, and the order in which a synthesiser would get them.
 * Columns because a file has tens of thousands of messages and preparation reads tens of thousands
 * of files. A channel here is one of a port: `port * 16 + channel`.
 */

/** Channels of a port. */
export const CHANNELS = 16;

/** Keys of a channel. */
export const KEYS = 128;

/** Messages in the order of the file, tracks one after another; ticks ascend within a track. */
export class EventList {
  #ticks = new Float64Array(4096);
  #words = new Int32Array(4096);
  #length = 0;
  #channels = 0;
  readonly #trackStarts: number[] = [];

  get length(): number {
    return this.#length;
  }

  /** How many channels there are, up to the highest one spoken on. */
  get channels(): number {
    return this.#channels;
  }

  /** Index of each track's first message. */
  get trackStarts(): readonly number[] {
    return this.#trackStarts;
  }

  /** From here on messages belong to the next track. */
  beginTrack(): void {
    this.#trackStarts.push(this.#length);
  }

  /** @param channel with its port, 0-4,095 @param status the status byte; its low four bits are ignored */
  push(tick: number, channel: number, status: number, data1: number, data2: number): void {
    if (this.#length === this.#ticks.length) this.#grow();
    if (channel >= this.#channels) this.#channels = channel + 1;
    this.#ticks[this.#length] = tick;
    this.#words[this.#length++] = (channel << 18) | ((status >> 4) << 14) | (data1 << 7) | data2;
  }

  tick(index: number): number {
    return this.#ticks[index];
  }

  channel(index: number): number {
    return this.#words[index] >>> 18;
  }

  /** The kind of message: the high four bits of its status byte, 8 (note off) to 14 (pitch bend). */
  kind(index: number): number {
    return (this.#words[index] >> 14) & 15;
  }

  data1(index: number): number {
    return (this.#words[index] >> 7) & 127;
  }

  data2(index: number): number {
    return this.#words[index] & 127;
  }

  /** Channel and first data byte as one number, that is, a key of a channel. */
  key(index: number): number {
    return this.channel(index) * KEYS + this.data1(index);
  }

  /** Indices by tick; at one tick by track, then by place in it. */
  inTime(): Uint32Array {
    let order = new Uint32Array(this.#length);
    for (let index = 0; index < order.length; index++) order[index] = index;
    let merged = new Uint32Array(this.#length);
    let bounds = [...new Set([...this.#trackStarts, this.#length])];
    while (bounds.length > 2) {
      const next: number[] = [];
      for (let run = 0; run < bounds.length - 1; run += 2) {
        const [start, middle, end = middle] = bounds.slice(run, run + 3);
        this.#merge(order, merged, start, middle, end);
        next.push(start);
      }
      bounds = [...next, this.#length];
      [order, merged] = [merged, order];
    }
    return order;
  }

  /** Merges order[start, middle) and order[middle, end), each in time, into `merged`. */
  #merge(
    order: Uint32Array,
    merged: Uint32Array,
    start: number,
    middle: number,
    end: number,
  ): void {
    let left = start;
    let right = middle;
    for (let to = start; to < end; to++) {
      const takesLeft =
        left < middle && (right >= end || this.#ticks[order[left]] <= this.#ticks[order[right]]);
      merged[to] = takesLeft ? order[left++] : order[right++];
    }
  }

  #grow(): void {
    const ticks = new Float64Array(2 * this.#length);
    ticks.set(this.#ticks);
    this.#ticks = ticks;
    const words = new Int32Array(2 * this.#length);
    words.set(this.#words);
    this.#words = words;
  }
}
