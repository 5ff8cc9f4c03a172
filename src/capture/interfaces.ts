import type { FrameSink } from "./sink.js";

/** Each interface costs memory for good; a stream with more is not one that capture programs wrote. */
export const MAX_INTERFACES = 0x1_0000;

/**
 * The interfaces of all sections and files of one stream. What describes itself alike in a later one is the same
 * interface, watched again: rotated files that were joined are one capture point and not many.
 */
export class Interfaces {
  readonly #sink: FrameSink;
  readonly #known = new Map<string, number[]>();
  /** How many of each description the current section has. */
  readonly #used = new Map<string, number>();
  #count = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** A file or a section begins: its interfaces are distinct from each other. */
  begin(): void {
    this.#used.clear();
  }

  /** @returns the number under which frames refer to it; null: there are too many */
  describe(name: string | null, linkType: number, digits: 6 | 9): number | null {
    const key = `${linkType} ${digits} ${name ?? ""}`;
    const alike = this.#known.get(key) ?? [];
    const used = this.#used.get(key) ?? 0;
    const known = alike[used];
    if (known === undefined && this.#count === MAX_INTERFACES) return null;
    this.#used.set(key, used + 1);
    if (known !== undefined) return known;
    const index = this.#count;
    this.#count += 1;
    alike.push(index);
    this.#known.set(key, alike);
    this.#sink.interface({ index, name, linkType, digits });
    return index;
  }
}
