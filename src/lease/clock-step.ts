import { toSeconds, type Instant } from "../capture/instant.js";

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

/** The clock of an input was set back; or ahead, by ages. */
export interface ClockStepEvent {
  readonly kind: "clock-step";
  /** Of the first frame after it; by its `shift` the order of time goes on. */
  readonly instant: Instant;
  /** The same in seconds since 1970. */
  readonly time: number;
  readonly input: string;
  readonly frameNumber: number;
  /** Between the stamps of the frames before and after it. */
  readonly seconds: number;
}

export function clockStepOf(instant: Instant, input: string, frameNumber: number, seconds: number): ClockStepEvent {
  return { kind: "clock-step", instant, time: toSeconds(instant), input, frameNumber, seconds };
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
    if (this.#known.length >= MOST_STEPS) this.#known.shift();
    this.#known.push(last - stamp);
    return last - stamp;
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

  /** The same for a stamp that is far ahead of the one before it. */
  ahead(stamp: number, last: number): Moved {
    const jump = stamp + this.shift - last;
    if (this.#steps >= MOST_STEPS && jump > JUMP) this.shift = last + 1 - stamp;
    const time = stamp + this.shift;
    return { time, step: time - last >= AGES ? time - last : 0 };
  }
}
