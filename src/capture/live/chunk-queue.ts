/** Chunks that wait for their reader, who takes all that wait at once. */
export class ChunkQueue implements AsyncIterator<Uint8Array> {
  readonly #most: number;
  readonly #emptied: () => void;
  readonly #left: () => void;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Nothing more comes, and why; null: in good order. */
  #end: { readonly error: Error | null } | null = null;
  #reader: {
    readonly take: (result: IteratorResult<Uint8Array>) => void;
    readonly fail: (error: Error) => void;
  } | null = null;

  /**
   * @param most bytes that may wait before its writer is to hold on
   * @param emptied he may go on
   * @param left nobody reads any more
   */
  constructor(most: number, emptied: () => void, left: () => void) {
    this.#most = most;
    this.#emptied = emptied;
    this.#left = left;
  }

  /** @returns whether more may follow at once */
  push(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#serve();
    return this.#bytes <= this.#most;
  }

  /** What waits is read before that is seen. */
  end(error: Error | null): void {
    this.#end ??= { error };
    this.#serve();
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((take, fail) => {
      this.#reader = { take, fail };
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#left();
    return Promise.resolve({ done: true, value: undefined });
  }

  #serve(): void {
    const reader = this.#reader;
    if (reader === null) return;
    const [first] = this.#chunks;
    if (first !== undefined) {
      const all = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
      const held = this.#bytes > this.#most;
      this.#chunks.length = 0;
      this.#bytes = 0;
      this.#reader = null;
      reader.take({ done: false, value: all });
      if (held) this.#emptied();
    } else if (this.#end !== null) {
      this.#reader = null;
      if (this.#end.error === null) reader.take({ done: true, value: undefined });
      else reader.fail(this.#end.error);
    }
  }
}
