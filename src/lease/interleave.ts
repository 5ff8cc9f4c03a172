/** Items of one input on their way into the common order. */
export interface Lane<T> {
  /** In seconds since 1970: all that this lane has from before then was pushed. */
  clock: number;
  /** In any order. */
  push(time: number, item: T): void;
  end(): void;
}

interface QueuedLane<T> extends Lane<T> {
  readonly queue: { readonly time: number; readonly item: T }[];
}

/**
 * Brings several inputs into the order of time without reading any of them whole: an item is told once every other
 * input has been read as far. Read from the lane that is furthest behind.
 */
export class Interleaver<T> {
  readonly #lanes: QueuedLane<T>[] = [];

  constructor(private readonly deliver: (item: T) => void) {}

  lane(): Lane<T> {
    const queue: { time: number; item: T }[] = [];
    const lane: QueuedLane<T> = {
      queue,
      clock: -Infinity,
      push: (time: number, item: T): void => {
        let index = queue.length;
        while (index > 0 && (queue[index - 1]?.time ?? -Infinity) > time) index -= 1;
        if (index === queue.length) queue.push({ time, item });
        else queue.splice(index, 0, { time, item });
      },
      end: (): void => {
        lane.clock = Infinity;
      },
    };
    this.#lanes.push(lane);
    return lane;
  }

  /** Tells all that no input can come before any more. Returns how far all have been read, in seconds since 1970. */
  drain(): number {
    const until = this.#clock();
    for (;;) {
      let first: QueuedLane<T> | null = null;
      for (const lane of this.#lanes) {
        const time = lane.queue[0]?.time ?? Infinity;
        if (time < until && time < (first?.queue[0]?.time ?? Infinity)) {
          first = lane;
        }
      }
      const next = first?.queue.shift();
      if (next === undefined) {
        return until;
      }
      this.deliver(next.item);
    }
  }

  #clock(): number {
    let least = Infinity;
    for (const { clock } of this.#lanes) least = Math.min(least, clock);
    return least;
  }
}
