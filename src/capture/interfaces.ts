import type { RecordingMark } from "./recording-mark.js";
import type { CaptureInterface, FrameSink } from "./sink.js";

/** Each interface costs memory for good; a stream with more is not one that capture programs wrote. */
export const MAX_INTERFACES = 0x1_0000;

/** What interfaces have in common that describe themselves alike: they are one place, watched again. */
export function likenessOf({ name, linkType, digits }: Omit<CaptureInterface, "index">): string {
  return `${linkType} ${digits} ${name ?? ""}`;
}

/** The interfaces that describe themselves alike. */
interface Alike {
  /** All of them, in the order of their first descriptions. */
  readonly indexes: number[];
  /** The section that the rest is about. */
  section: number;
  /** How many of these it has described, and of which of them it has said that their watch is over. */
  used: number;
  readonly over: Set<number>;
}

/**
 * The interfaces of all sections and files of one stream. What describes itself alike in a later one, or after it was
 * said that the watch of the earlier one is over, is the same interface, watched again: rotated files that were joined,
 * and captures that were begun anew, are one capture point and not many.
 */
export class Interfaces {
  readonly #sink: FrameSink;
  readonly #known = new Map<string, Alike>();
  /** What each interface, by its number, is alike. */
  readonly #kinds: Alike[] = [];
  #section = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** A file, or a section of pcapng, begins: its interfaces are distinct from each other. */
  begin(inBlocks: boolean, recording: RecordingMark | null): void {
    this.#section += 1;
    this.#sink.begins?.(inBlocks, recording);
  }

  /** @returns the number under which frames refer to it; null: there are too many */
  describe(description: Omit<CaptureInterface, "index">): number | null {
    const alike = this.#alike(description);
    const [ended] = alike.over;
    const known = ended ?? alike.indexes[alike.used++];
    if (known !== undefined) {
      alike.over.delete(known);
      this.#sink.watchedAgain?.(known);
      return known;
    }
    const index = this.#kinds.length;
    if (index === MAX_INTERFACES) return null;
    alike.indexes.push(index);
    this.#kinds.push(alike);
    this.#sink.interface({ index, ...description });
    return index;
  }

  /** The watch of this interface of the current section is over: the next one that describes itself alike is the same. */
  over(index: number): void {
    this.#kinds[index]?.over.add(index);
  }

  #alike(description: Omit<CaptureInterface, "index">): Alike {
    const key = likenessOf(description);
    const alike = this.#known.get(key) ?? { indexes: [], section: 0, used: 0, over: new Set() };
    this.#known.set(key, alike);
    if (alike.section !== this.#section) {
      alike.section = this.#section;
      alike.used = 0;
      alike.over.clear();
    }
    return alike;
  }
}
