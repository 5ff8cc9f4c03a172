const FIRST_BYTES = 0x1_0000;

/** Whole blocks that wait to be written together. */
export class Batch {
  #memory = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#memory.buffer);
  #length = 0;
  /** Where each block ends. */
  readonly #ends: number[] = [];

  get length(): number {
    return this.#length;
  }

  /** Valid until the next block is added. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  /** Of all that has been added; another one after each `add`. */
  get view(): DataView {
    return this.#view;
  }

  /** @returns where the block begins, to be changed by the `view` */
  add(bytes: Uint8Array, start = 0, end = bytes.length): number {
    const at = this.#length;
    this.#length += end - start;
    this.#ends.push(this.#length);
    if (this.#length > this.#memory.length) this.#enlarge(at);
    this.#memory.set(bytes.subarray(start, end), at);
    return at;
  }

  clear(): void {
    this.#length = 0;
    this.#ends.length = 0;
  }

  /** Bytes of the blocks that end within the first `count`. */
  wholeWithin(count: number): number {
    return this.#ends.findLast((end) => end <= count) ?? 0;
  }

  #enlarge(used: number): void {
    const larger = new Uint8Array(2 * this.#length);
    larger.set(this.#memory.subarray(0, used));
    this.#memory = larger;
    this.#view = new DataView(larger.buffer);
  }
}
