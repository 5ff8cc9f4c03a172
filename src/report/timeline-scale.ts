import { toSeconds, type Instant } from "../capture/instant.js";
import { SEVERAL } from "./timeline-marks.js";

/** Moments on a line of characters. */
export class Scale {
  readonly #start: number;
  readonly #end: number;
  readonly #width: number;

  /** @param width in columns */
  constructor(from: Instant, to: Instant, width: number) {
    this.#start = toSeconds(from);
    this.#end = toSeconds(to);
    this.#width = width;
  }

  line(): string[] {
    return Array.from({ length: this.#width }, () => " ");
  }

  /** Whether a moment lies on the line. */
  shows(at: Instant): boolean {
    const time = toSeconds(at);
    return time >= this.#start && time <= this.#end;
  }

  /** Writes a mark, unless the moment lies outside. */
  put(line: string[], at: Instant, mark: string): void {
    if (!this.shows(at)) return;
    const column = Math.min(this.columnOf(at), this.#width - mark.length);
    for (const [index, character] of Array.from(mark).entries()) line[column + index] = character;
  }

  /** @param from null: from the left edge; @param to null: to the right edge */
  fill(line: string[], from: Instant | null, to: Instant | null, mark: string): void {
    const [start, end] = [from, to].map((at) => (at === null ? null : this.columnOf(at)));
    line.fill(mark, start ?? 0, (end ?? this.#width - 1) + 1);
  }

  /**
   * Writes a word above or below its moment, apart from others.
   *
   * @returns false where there is no room for it
   */
  label(line: string[], at: Instant, word: string): boolean {
    if (!this.shows(at)) return false;
    const column = this.columnOf(at);
    const starts = Array.from({ length: word.length }, (_, before) => column - before);
    const start = starts.find((place) => place >= 0 && place + word.length <= this.#width && isFree(line, place, word));
    if (start === undefined) return false;
    for (const [index, character] of Array.from(word).entries()) line[start + index] = character;
    return true;
  }

  /** The first or the last for a moment outside. */
  columnOf(at: Instant): number {
    const part = (toSeconds(at) - this.#start) / Math.max(1e-6, this.#end - this.#start);
    return Math.max(0, Math.min(this.#width - 1, Math.round(part * (this.#width - 1))));
  }
}

/**
 * Writes a mark into a column, or beside it if another stands there.
 *
 * @returns the column that it found
 */
export function addMark(line: string[], column: number, mark: string): number {
  const free = [column, column + 1, column - 1].find((place) => line[place] === " " || line[place] === mark);
  line[free ?? column] = free === undefined ? SEVERAL : mark;
  return free ?? column;
}

/** With a space on both sides. */
function isFree(line: readonly string[], start: number, word: string): boolean {
  return line.slice(Math.max(0, start - 1), start + word.length + 1).every((character) => character === " ");
}
