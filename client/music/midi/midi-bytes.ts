/** Reading the bytes of a Standard MIDI File: big-endian numbers, chunk names, a cursor over a track. */

/** Reads bytes of one track; past the end it yields zeros and `ended`, and never allocates. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  get ended(): boolean {
    return this.#offset >= this.#end;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#end - this.#offset;
  }

  byte(): number {
    return this.#offset < this.#end ? this.#bytes[this.#offset++] : 0;
  }

  /** The next byte, left where it is. */
  peek(): number {
    return this.#offset < this.#end ? this.#bytes[this.#offset] : 0;
  }

  /** A variable-length quantity: at most four bytes, 28 bits, after any padding of zeros (0x80). */
  variableLength(): number {
    let value = 0;
    for (let i = 0; i < 4; ) {
      const byte = this.byte();
      value = (value << 7) | (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
      if (value > 0) i++;
    }
    return value;
  }

  advance(length: number): void {
    this.#offset = Math.min(this.#end, this.#offset + length);
  }

  moveTo(offset: number): void {
    this.#offset = Math.min(this.#end, offset);
  }

  /** A view of the next bytes, shorter where the track ends. */
  take(length: number): Uint8Array {
    const start = this.#offset;
    this.advance(length);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A reader of the same bytes from an offset on, to look ahead with. */
  from(offset: number): Cursor {
    return new Cursor(this.#bytes, offset, this.#end);
  }

  /** Offset of a byte from here on, -1 where there is none. */
  find(byte: number): number {
    const at = this.#bytes.indexOf(byte, this.#offset);
    return at < this.#end ? at : -1;
  }
}

/** Four letters at an offset; fewer where the file ends. */
export const chunkId = (bytes: Uint8Array, offset: number): string =>
  String.fromCharCode(...bytes.subarray(offset, offset + 4));

/** An unsigned 16-bit number. */
export const readUint16 = (bytes: Uint8Array, offset: number): number =>
  (bytes[offset] << 8) | bytes[offset + 1];

/** An unsigned 32-bit number. */
export const readUint32 = (bytes: Uint8Array, offset: number): number =>
  readUint16(bytes, offset) * 0x10000 + readUint16(bytes, offset + 2);
