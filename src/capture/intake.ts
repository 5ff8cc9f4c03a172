import type { ByteInput } from "./byte-input.js";

const BUFFER_BYTES = 64 * 1024;

/** Compressed bytes, in the pieces that their format has. */
export class Intake {
  readonly #input: ByteInput;
  #buffer: Uint8Array;
  /** Bytes not yet taken lie between these offsets. */
  #begin = 0;
  #end: number;

  /** @param first bytes that the caller has read already */
  constructor(input: ByteInput, first: Uint8Array) {
    this.#input = input;
    this.#buffer = new Uint8Array(Math.max(BUFFER_BYTES, first.length));
    this.#buffer.set(first);
    this.#end = first.length;
  }

  /** The next bytes, which stay where they are; fewer than `count` where the input ends. Valid up to the next call. */
  async peek(count: number): Promise<Uint8Array> {
    if (count > this.#buffer.length - this.#begin) this.#makeRoom(count);
    while (this.#end - this.#begin < count) {
      const more = await this.#input.read(this.#buffer.subarray(this.#end));
      if (more === 0) break;
      this.#end += more;
    }
    return this.#buffer.subarray(this.#begin, Math.min(this.#end, this.#begin + count));
  }

  /** The same, and moves on behind them. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    this.#begin += bytes.length;
    return bytes;
  }

  /** Moves on by so many bytes; false if the input ends before. */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0;) {
      const { length } = await this.take(Math.min(left, BUFFER_BYTES));
      if (length === 0) return false;
      left -= length;
    }
    return true;
  }

  close(): void {
    this.#input.close();
  }

  #makeRoom(count: number): void {
    const left = this.#buffer.subarray(this.#begin, this.#end);
    if (count > this.#buffer.length) {
      this.#buffer = new Uint8Array(count);
      this.#buffer.set(left);
    } else {
      this.#buffer.copyWithin(0, this.#begin, this.#end);
    }
    this.#begin = 0;
    this.#end = left.length;
  }
}
