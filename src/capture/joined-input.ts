import { fill, openByteInput, type ByteInput, type CompressedInput } from "./byte-input.js";
import { decompressed, TELLING_BYTES } from "./compression.js";
import { codeOf, inputError, inputName } from "./errors.js";
import type { Damage } from "./sink.js";

/** Files of which each goes on where the one before ended, plain or compressed, as one input. */
export class JoinedInput implements CompressedInput {
  /** Of the first part that is damaged. */
  damage: Damage | null = null;

  readonly #waiting: string[];
  #part: Part | null = null;
  #given = 0;

  /**
   * @param paths in their order; the first is opened at once
   * @throws whatever node:fs throws
   */
  constructor(paths: readonly string[]) {
    const [first = "", ...others] = paths;
    this.#waiting = others;
    this.#part = new Part(first);
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#part !== null) {
      const count = await this.#part.read(into);
      this.#given += count;
      if (count > 0) return count;
      const { damage } = this.#part;
      if (damage !== null) this.damage ??= { ...damage, offset: this.#given };
      this.#part.close();
      this.#part = this.#next();
    }
    return 0;
  }

  close(): void {
    this.#waiting.length = 0;
    this.#part?.close();
    this.#part = null;
  }

  #next(): Part | null {
    for (let path = this.#waiting.shift(); path !== undefined; path = this.#waiting.shift()) {
      try {
        return new Part(path);
      } catch (error) {
        // Whoever records may have taken it away to make room for what is newer.
        if (codeOf(error) !== "ENOENT") throw inputError(error, path);
      }
    }
    return null;
  }
}

class Part {
  readonly #path: string;
  readonly #file: ByteInput;
  /** Null until its first bytes told how it is to be read. */
  #input: ByteInput | null = null;
  #compressed: CompressedInput | null = null;
  /** Those bytes, where they have to be read again. */
  #first: Uint8Array = new Uint8Array(0);

  constructor(path: string) {
    this.#path = path;
    this.#file = openByteInput(path);
  }

  get damage(): Damage | null {
    const damage = this.#compressed?.damage ?? null;
    return damage === null ? null : { ...damage, sentence: `Of ${inputName(this.#path)}: ${damage.sentence}` };
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      const input = this.#input ?? (await this.#begin());
      if (this.#first.length === 0) return await input.read(into);
    } catch (error) {
      throw inputError(error, this.#path);
    }
    const first = this.#first.subarray(0, into.length);
    into.set(first);
    this.#first = this.#first.subarray(first.length);
    return first.length;
  }

  close(): void {
    (this.#input ?? this.#file).close();
  }

  async #begin(): Promise<ByteInput> {
    const bytes = new Uint8Array(TELLING_BYTES);
    const first = bytes.subarray(0, await fill(this.#file, bytes));
    const opened = await decompressed(this.#file, first);
    if (opened === null) this.#first = first;
    else this.#compressed = opened.input;
    this.#input = opened?.input ?? this.#file;
    return this.#input;
  }
}
