import type { Lane } from "./lease/interleave.js";

interface Item<T> {
  readonly time: number;
  readonly item: T;
}

/**
 * Holds back what came after something that may still have to be told in its turn: a first fragment, until the others
 * come or have been waited for. Times are seconds since 1970.
 */
export class Holdback<T> {
  /** In order of time. */
  #held: Item<T>[] = [];
  #from = Infinity;

  constructor(private readonly lane: Lane<T>) {}

  push(time: number, item: T): void {
    if (time < this.#from) {
      this.lane.push(time, item);
      return;
    }
    let index = this.#held.length;
    while (index > 0 && (this.#held[index - 1]?.time ?? -Infinity) > time) index -= 1;
    this.#held.splice(index, 0, { time, item });
  }

  /** What is of this time or later has to wait; Infinity: nothing has. */
  holdFrom(from: number): void {
    this.#from = from;
    if (this.#held.length === 0) return;
    const later = this.#held.findIndex(({ time }) => time >= from);
    for (const { time, item } of this.#held.splice(0, later < 0 ? this.#held.length : later)) {
      this.lane.push(time, item);
    }
  }

  /** All before `time` has been pushed. */
  reached(time: number): void {
    this.lane.clock = Math.max(this.lane.clock, Math.min(time, this.#from));
  }
}
