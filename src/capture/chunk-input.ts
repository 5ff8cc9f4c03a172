import type { ByteInput } from "./byte-input.js";

/** Bytes in pieces of any size, such as a Readable of Node, the body of a Response, or an array. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Reads chunks as if they were a file. What they throw comes out of `read`. */
export class ChunkInput implements ByteInput {
  readonly #chunks: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
  /** What came and did not fit. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: Chunks) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      if (!(next.value instanceof Uint8Array)) throw new TypeError("a chunk of a capture is no Uint8Array");
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, into.length);
    into.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return part.length;
  }

  /** Tells the source of the chunks, as leaving a loop would. What it makes of that concerns nobody any more. */
  close(): void {
    Promise.resolve(this.#chunks.return?.()).catch(() => undefined);
  }
}
