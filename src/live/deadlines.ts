interface Entry<T> {
  readonly time: number;
  readonly item: T;
}

/**
 * Items to be looked at when their time has come, the earliest first: a binary heap. An item has one time; setting
 * another replaces it. Times are seconds since 1970, however far ahead: nothing here is a timer of the system.
 */
export class Deadlines<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #times = new Map<T, number>();

  get size(): number {
    return this.#times.size;
  }

  /** @param time Infinity: never */
  set(item: T, time: number): void {
    if (this.#times.get(item) === time) return;
    if (time === Infinity) {
      this.#times.delete(item);
      return;
    }
    this.#times.set(item, time);
    this.#push({ time, item });
    // What was replaced stays in the heap until its old time; it must not outgrow what counts.
    if (this.#heap.length > 2 * this.#times.size + SLACK) this.#rebuild();
  }

  /** The earliest time that may count; Infinity: none. */
  get first(): number {
    return this.#heap[0]?.time ?? Infinity;
  }

  /** Takes out all whose time is not later than `now`. */
  take(now: number): T[] {
    const due: T[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.time <= now; first = this.#heap[0]) {
      this.#pop();
      if (this.#times.get(first.item) !== first.time) continue;
      this.#times.delete(first.item);
      due.push(first.item);
    }
    return due;
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.time <= entry.time) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const [child, index] = right !== undefined && right.time < left.time ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (child.time >= last.time) break;
      heap[at] = child;
      at = index;
    }
    heap[at] = last;
  }

  #rebuild(): void {
    this.#heap.length = 0;
    for (const [item, time] of this.#times) this.#push({ time, item });
  }
}

const SLACK = 1024;
