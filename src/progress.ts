import { sizeOfInput } from "./capture/metered-input.js";

/** How far reading has come. */
export interface Progress {
  /** Bytes read of all inputs, compressed as they are. */
  readonly bytes: number;
  /** Bytes that the inputs have, compressed as they are; null where one is a pipe, which has no known end. */
  readonly size: number | null;
  /** Frames read, of any protocol. */
  readonly frames: number;
  /** Those of them that carry DHCP or BOOTP. */
  readonly dhcp: number;
  /** How many inputs there are. */
  readonly inputs: number;
}

interface MeteredSource {
  readonly taken: number;
}

interface Counts {
  readonly frames: number;
  readonly dhcp: number;
}

/** What is asked of it is added up when it is asked, so that reading itself pays nothing. */
export class ReadingProgress implements Progress {
  readonly #paths: readonly (readonly string[])[];
  readonly #active = new Map<MeteredSource, { readonly counts: Counts; readonly share: number }>();
  readonly #over = { bytes: 0, frames: 0, dhcp: 0 };
  #size: number | null | undefined;

  /** @param paths of the files of each input */
  constructor(paths: readonly (readonly string[])[]) {
    this.#paths = paths;
  }

  get bytes(): number {
    return Math.round([...this.#active].reduce((sum, [{ taken }, { share }]) => sum + share * taken, this.#over.bytes));
  }

  get size(): number | null {
    if (this.#size !== undefined) return this.#size;
    this.#size = this.#paths.flat().reduce<number | null>((sum, path) => {
      const size = sum === null ? null : sizeOfInput(path);
      return sum === null || size === null ? null : sum + size;
    }, 0);
    return this.#size;
  }

  get frames(): number {
    return [...this.#active.values()].reduce((sum, { counts }) => sum + counts.frames, this.#over.frames);
  }

  get dhcp(): number {
    return [...this.#active.values()].reduce((sum, { counts }) => sum + counts.dhcp, this.#over.dhcp);
  }

  get inputs(): number {
    return this.#paths.length;
  }

  /** @param share of its bytes that this reading stands for: half of them where a file is read twice */
  begun(source: MeteredSource, counts: Counts, share: number): void {
    this.#active.set(source, { counts, share });
  }

  ended(source: MeteredSource): void {
    const ended = this.#active.get(source);
    if (ended === undefined) return;
    const { counts, share } = ended;
    this.#active.delete(source);
    this.#over.bytes += share * source.taken;
    this.#over.frames += counts.frames;
    this.#over.dhcp += counts.dhcp;
  }
}
