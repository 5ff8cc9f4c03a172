import { instantAt, shiftOf, toSeconds, type Instant } from "./capture/instant.js";
import { clockStepOf, type ClockStepEvent, type StampOrder } from "./lease/clock-step.js";
import { ClockReadings } from "./lease/clock-readings.js";
import type { Watch } from "./lease/observed.js";

/** How far an input was read. */
export interface Reached {
  readonly name: string;
  /** Frames so far. */
  readonly frames: number;
  /** Time of the latest of them, in seconds since 1970; NaN before the first. */
  readonly last: number;
  /** See Instant. */
  readonly digits: Instant["digits"];
}

interface StampClockHost {
  reached(): Reached;
  /** The clock was set. */
  step(event: ClockStepEvent): void;
  /** What may have to wait for the next reading has changed: see `doubtful`. */
  doubt(): void;
}

/**
 * The clock that stamps the frames of one input: makes one order of time of its stamps, and tells when it was set, by
 * stamps that fall, and by readings of a steady clock beside it.
 */
export class StampClock {
  /** From this time on only the next reading can tell whether the clock was set; Infinity: there is no doubt. */
  doubtful = Infinity;
  readonly #readings = new ClockReadings();
  /** Time of the last reading; -Infinity: there was none. */
  #read = -Infinity;

  constructor(
    private readonly order: StampOrder,
    private readonly watch: Watch,
    private readonly host: StampClockHost,
  ) {}

  /** Whole seconds to be added to a stamp. */
  get shift(): number {
    return this.order.shift;
  }

  /** A stamp earlier than one before it: frames that overtook each other, or a clock that was set back. */
  back(stamp: number, nanos: number, last: number, lastNanos: number): number {
    const { time, step } = this.order.back(stamp, nanos, last, lastNanos);
    if (step !== 0) {
      this.#readings.fell();
      this.#shown(step, time, stamp, nanos);
    }
    return time;
  }

  /** A stamp some seconds after the one before it. */
  ahead(stamp: number, nanos: number, last: number, lastNanos: number): number {
    const { time: seconds, step } = this.order.ahead(stamp, last);
    // Readings would tell whether it was set.
    if (step !== 0 && this.#read === -Infinity) this.#shown(step, seconds, stamp, nanos);
    const since = Math.max(last + lastNanos / 1e9, this.#read);
    this.watch.quiet(since, seconds);
    this.#readings.quiet(seconds - since);
    if (this.#readings.isDoubtful(stamp) && seconds < this.doubtful) this.#doubt(seconds);
    return seconds;
  }

  /**
   * The clock was read beside a steady one.
   *
   * @param stamp what it showed, in seconds since 1970
   * @param monotonic the steady one, in seconds
   */
  read(stamp: number, monotonic: number): void {
    const { name, last, digits } = this.host.reached();
    const time = stamp + this.shift;
    const step = this.#readings.read(stamp, monotonic, time - last);
    if (step === null) return;
    const after = this.#read;
    if (step < 0) this.order.setBack(-step);
    else if (!Number.isNaN(last)) this.watch.quiet(Math.max(last, after), time);
    this.#read = stamp + this.shift;
    if (step !== 0) {
      const instant = { ...instantAt(this.#read), digits, ...shiftOf(this.shift) };
      this.host.step(clockStepOf(instant, after, name, null, step));
    }
    if (this.doubtful < Infinity) this.#doubt(Infinity);
  }

  /** No reading has come for long: what waits for one need not any more. */
  believe(): void {
    this.#doubt(Infinity);
  }

  /** A stamp shows that the clock was set. */
  #shown(step: number, seconds: number, stamp: number, nanos: number): void {
    const { name, frames, digits } = this.host.reached();
    const instant: Instant = { seconds, nanos, digits, ...shiftOf(seconds - stamp) };
    this.host.step(clockStepOf(instant, toSeconds(instant), name, frames, step));
  }

  #doubt(from: number): void {
    this.doubtful = from;
    this.host.doubt();
  }
}
