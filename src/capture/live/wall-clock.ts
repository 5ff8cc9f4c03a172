const MICROS = 1000;

/** One moment on both clocks. */
export interface Moment {
  /** Microseconds since 1970, whole. */
  readonly wall: number;
  /** CLOCK_MONOTONIC, which nobody sets, in whole microseconds. */
  readonly monotonic: number;
}

/**
 * The system's clock in microseconds since 1970. Date has milliseconds only, and knows when the clock is set; between two
 * of them performance.now() counts on.
 */
export class WallClock {
  #origin = performance.timeOrigin * MICROS;

  /** Whole. Within a millisecond of Date, and mostly far closer. */
  now(): number {
    const ticks = performance.now() * MICROS;
    const wall = Date.now() * MICROS;
    const ahead = this.#origin + ticks - wall;
    if (ahead < 0) this.#origin -= ahead;
    else if (ahead >= MICROS) this.#origin -= ahead - (MICROS - 1);
    return Math.floor(this.#origin + ticks);
  }

  moment(): Moment {
    return { wall: this.now(), monotonic: Number(process.hrtime.bigint() / 1000n) };
  }
}
