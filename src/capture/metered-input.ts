import { fstatSync, statSync } from "node:fs";
import type { ByteInput } from "./byte-input.js";

/** Counts what is read of an input. */
export class MeteredInput implements ByteInput {
  /** Bytes that were read, compressed if they are. */
  taken = 0;
  readonly #input: ByteInput;

  constructor(input: ByteInput) {
    this.#input = input;
  }

  read(into: Uint8Array): number | Promise<number> {
    const count = this.#input.read(into);
    if (typeof count !== "number") return count.then((later) => this.#count(later));
    return this.#count(count);
  }

  close(): void {
    this.#input.close();
  }

  #count(count: number): number {
    this.taken += count;
    return count;
  }
}

/**
 * Bytes that a file has now, compressed if it is; null for what has no size, as a pipe, and what cannot be asked.
 *
 * @param path "-" is standard input
 */
export function sizeOfInput(path: string): number | null {
  try {
    const stats = path === "-" ? fstatSync(0) : statSync(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}
