import type { ByteInput } from "./byte-input.js";

/** So much is looked at of what can be read only once. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Bytes that can be read only once, as of a pipe, and whose beginning is to be read twice: first by `peek`, which keeps
 * what it gave, up to 64 MiB, then by `read`.
 */
export class ReadAhead implements ByteInput {
  readonly #input: ByteInput;
  #kept: Uint8Array[] = [];
  #size = 0;
  #over = false;

  constructor(input: ByteInput) {
    this.#input = input;
  }

  /** Some of what was peeked at has not been read yet. */
  get holds(): boolean {
    return this.#kept.length > 0;
  }

  /** For the first reader; its `close` leaves the bytes to the second one. */
  readonly peek: ByteInput = {
    read: async (into) => {
      if (this.#over || this.#size >= MOST_BYTES) return 0;
      const count = await this.#input.read(into);
      if (count === 0) this.#over = true;
      else this.#kept.push(into.slice(0, count));
      this.#size += count;
      return count;
    },
    close: () => undefined,
  };

  /** Nothing more is to be awaited; what was peeked at can still be read. */
  stop(): void {
    this.#over = true;
    this.#input.close();
  }

  read(into: Uint8Array): number | Promise<number> {
    const [first] = this.#kept;
    if (first === undefined) return this.#over ? 0 : this.#input.read(into);
    const part = first.subarray(0, into.length);
    into.set(part);
    if (part.length === first.length) this.#kept.shift();
    else this.#kept[0] = first.subarray(part.length);
    return part.length;
  }

  close(): void {
    this.#kept = [];
    this.stop();
  }
}
