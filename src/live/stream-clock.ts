/** Milliseconds that only ever grow, such as performance.now(). */
export type Monotonic = () => number;

/**
 * What time it is where frames are captured, in seconds since 1970: that of the last frame, and what has passed since it
 * came. So a stream from another host, whose clock is off, and a recording that is played are both told rightly.
 */
export class StreamClock {
  #last = NaN;
  #arrived = 0;

  constructor(private readonly monotonic: Monotonic) {}

  /** NaN before the first frame. */
  get now(): number {
    return this.#last + (this.monotonic() - this.#arrived) / 1000;
  }

  /** The latest time stamp of a frame; NaN before the first. */
  get last(): number {
    return this.#last;
  }

  /** @param time latest time stamp of the frames that have come just now, in seconds since 1970 */
  frames(time: number): void {
    if (Number.isNaN(time)) return;
    this.#last = time;
    this.#arrived = this.monotonic();
  }
}
