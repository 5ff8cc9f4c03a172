/** The clock of a capture beside one that nobody sets (CLOCK_MONOTONIC), read at the same moment; in seconds. */
interface Reading {
  /** The capture's clock as it stands, since 1970. */
  readonly stamp: number;
  readonly monotonic: number;
}

/** The two clocks differ by less than this, in seconds, where one is merely slewed: timers bear as much. */
const LEAST_STEP = 2;
/** What a clock may gain or lose while it is slewed (adjtimex), in seconds a second, with plenty to spare. */
const SLEW = 0.001;
/** Readings so close, in seconds, tell nothing new. */
const APART = 0.5;
/** Frames before and after a step have no others in between; so much less than the step, in seconds, may lie there. */
const SLACK = 1;
/** Readings further apart than this, in seconds, are of two captures: one that goes on has read its clock in between. */
const TOGETHER = 1e7;
/** A clock that was set more often than this is none: from then on its readings count for nothing. */
const MOST_STEPS = 1000;
/** Stamps that run ahead of the last reading by more than this, in seconds, may be those of a clock that was set. */
const AHEAD = 5;

/**
 * Tells by readings of two clocks whether the one that stamps frames was set: forward, backward, or because the machine
 * slept, when the steady clock stands still.
 */
export class ClockReadings {
  #before: Reading | null = null;
  /** The longest time between two frames since then. */
  #widest = 0;
  /** Stamps have shown a step back since then. */
  #fell = false;
  #steps = 0;

  /** By the stamps no frame came for so many seconds. */
  quiet(seconds: number): void {
    this.#widest = Math.max(this.#widest, seconds);
  }

  /** Stamps fell: the clock was set back. */
  fell(): void {
    this.#fell = true;
  }

  /** Whether only the next reading can tell if stamps so far ahead are those of a clock that was set. */
  isDoubtful(stamp: number): boolean {
    return this.#before !== null && stamp - this.#before.stamp > AHEAD;
  }

  /**
   * @param stamp the capture's clock, in seconds since 1970
   * @param monotonic the steady one, from any origin, in seconds
   * @param silence seconds since the last frame, by the stamps
   * @returns seconds by which the clock was set since the reading before, 0: it was not; null: this tells nothing new
   */
  read(stamp: number, monotonic: number, silence: number): number | null {
    const before = this.#before;
    const passed = before === null ? 0 : monotonic - before.monotonic;
    const step = before === null ? 0 : stamp - before.stamp - passed;
    const least = Math.max(LEAST_STEP, SLEW * passed);
    if (before !== null && Math.abs(passed) < APART && Math.abs(step) < least) return null;
    const widest = Math.max(this.#widest, Math.min(silence, stamp - (before?.stamp ?? stamp)));
    const fell = this.#fell;
    this.#before = { stamp, monotonic };
    this.#widest = 0;
    this.#fell = false;
    // A steady clock that runs back is another one: the machine was started anew, or captures were joined.
    if (passed < 0 || passed > TOGETHER || Math.abs(step) < least) return 0;
    // Where there are frames of the time that is said to have been jumped over, it was not; a fall is told by stamps, too.
    if ((step > 0 && widest + SLACK < step) || (step < 0 && fell)) return 0;
    this.#steps += 1;
    return this.#steps <= MOST_STEPS ? step : 0;
  }
}
