import type { Instant } from "../capture/instant.js";

/** A clock that was set back further than this, in seconds, is told of, and no timer is believed across it. */
const STEP = 5;
/** Frames of one input come out of order by no more than this, in seconds; so long they wait for each other. */
export const DISORDER = 1;
/** Inputs of one host have their clock set at once; so far apart, in seconds, lie the frames around it. */
const TOGETHER = 60;
/** An input with more steps than this has no clock to speak of: from then on its jumps count for nothing, either way. */
const MOST_STEPS = 1000;
/** Seconds; longer ones are jumps. */
const JUMP = 3600;
/** Seconds, a year: over so long a silence no timer is believed. Shorter ones are told by what clients do. */
const AGES = 366 * 86_400;

/** The clock of an input was set. */
export interface ClockStepEvent {
  readonly kind: "clock-step";
  /** When it was noticed: of the first frame after it, or of a reading of the clock. */
  readonly instant: Instant;
  /** Seconds since 1970; what is later came after it. */
  readonly time: number;
  readonly input: string;
  /** Of the first frame after it, where stamps show it that fall, or are ahead by ages; null: readings of the clock do. */
  readonly frameNumber: number | null;
  /** Negative: it was set back, by so much at least if stamps show it. Positive: it was set forward, or the machine slept. */
  readonly seconds: number;
}

export function clockStepOf(
  instant: Instant,
  time: number,
  input: string,
  frameNumber: number | null,
  seconds: number,
): ClockStepEvent {
  return { kind: "clock-step", instant, time, input, frameNumber, seconds };
}

/** When a frame counts as seen. */
export interface Moved {
  readonly time: number;
  /** Seconds by which the clock was set before it: back (negative), or ahead by ages; 0: it was not. */
  readonly step: number;
}

/** What inputs that are read side by side share: by how much their stamps are moved. */
export class Shifts {
  readonly #known: number[] = [];

  /** The shift that brings `stamp` to `last` or a little after it: that of another input, or else an own one. */
  after(stamp: number, last: number): number {
    const shared = this.#known.find((shift) => stamp + shift >= last && stamp + shift <= last + TOGETHER);
    if (shared !== undefined) return shared;
    return this.#add(last - stamp);
  }

  /** The shift of another input that is as good as `shift`, or else that. */
  near(shift: number): number {
    return this.#known.find((known) => Math.abs(known - shift) <= 1) ?? this.#add(shift);
  }

  #add(shift: number): number {
    if (this.#known.length >= MOST_STEPS) this.#known.shift();
    this.#known.push(shift);
    return shift;
  }
}

/**
 * Makes one order of time of an input's stamps. Whole seconds since 1970 throughout: what lies within a second is in
 * no order that could be relied on.
 */
export class StampOrder {
  /** To be added to a stamp. */
  shift = 0;
  #steps = 0;

  constructor(private readonly shifts: Shifts) {}

  /**
   * When a frame counts as seen whose stamp is earlier than one before it.
   *
   * @param last the latest time so far
   * @returns a time no earlier than `DISORDER` before the latest
   */
  back(stamp: number, nanos: number, last: number, lastNanos: number): Moved {
    const time = stamp + this.shift;
    const early = last - time + (lastNanos - nanos) / 1e9;
    if (early <= DISORDER) return { time, step: 0 };
    if (early <= STEP) return { time: last - (nanos >= lastNanos ? 1 : 0), step: 0 };
    const next = last + (nanos < lastNanos ? 1 : 0);
    this.shift = this.shifts.after(stamp, next);
    this.#steps += 1;
    return { time: stamp + this.shift, step: -early };
  }

  /** The clock is known to have been set back by so many seconds: times go on as if it had not. */
  setBack(seconds: number): void {
    this.shift = this.shifts.near(this.shift + Math.round(seconds));
  }

  /** The same for a stamp that is far ahead of the one before it. */
  ahead(stamp: number, last: number): Moved {
    const jump = stamp + this.shift - last;
    if (this.#steps >= MOST_STEPS && jump > JUMP) this.shift = last + 1 - stamp;
    const time = stamp + this.shift;
    return { time, step: time - last >= AGES ? time - last : 0 };
  }
}
