import type { Remark } from "./capture/remarks.js";
import type { CaptureInterface } from "./capture/sink.js";
import type { StampClock, Reached } from "./stamp-clock.js";
import type { Gap, Moment } from "./lease/coverage.js";
import { Watching } from "./lease/watched-points.js";

/** An interface of an input, and how it was watched. */
export interface WatchedInterface {
  readonly description: CaptureInterface;
  readonly watching: Watching;
}

/** What is said of the watch, not of the host. */
export type WatchRemark = Exclude<Remark, { readonly kind: "pressure" | "heard" }>;

/**
 * What is known of the watches of an interface before it is read. Captures say it behind the frames, and by then it was
 * decided what their silence means. In seconds since 1970.
 */
export interface ForetoldWatches {
  /** When each of them began, in their order; NaN: it does not say. */
  readonly starts: readonly number[];
  /** When another input watched the same place again, after nobody had; null: none did. */
  readonly next: number | null;
}

/** What the statements of an input are to be seen against, and whom they concern. */
export interface WatchesHost {
  /** By the numbers of the interfaces. */
  readonly foretold: readonly ForetoldWatches[];
  reached(): Reached;
  /**
   * What came so far is told, as far as nothing can precede it: it is judged without what is said next. Said behind the
   * frames that it concerns, that would else count for them or not by how much was read at once.
   */
  settle(): void;
  /** A gap has begun, or has ended. */
  gap(gap: Gap, watched: WatchedInterface): void;
}

interface Entry extends WatchedInterface {
  /** Frames that had come when it was described last. */
  described: number;
  /** How often it was described. */
  descriptions: number;
  /** Start of its watch as it was said, unmoved; NaN: it was not. */
  start: number;
  /** Frames that it was said to have lost, and when; since the start of its watch. */
  dropped: number;
  counted: number | null;
}

/**
 * How the interfaces of one input were watched, by what the capture itself says: from when to when, with what losses, by
 * which clock. Statements may contradict each other: what makes no sense is left out.
 */
export class Watches {
  readonly #interfaces: Entry[] = [];
  /** Of which frames are missing, up to the next one. */
  #missing: Entry[] = [];

  constructor(
    private readonly clock: StampClock,
    private readonly host: WatchesHost,
  ) {}

  add(description: CaptureInterface): Watching {
    const watching = new Watching();
    this.#interfaces[description.index] = {
      ...{ description, watching, described: 0, descriptions: 0, start: NaN, dropped: 0, counted: null },
    };
    this.#described(description.index);
    return watching;
  }

  [Symbol.iterator](): Iterator<WatchedInterface> {
    return this.#interfaces[Symbol.iterator]();
  }

  /** The capture begins anew, perhaps without some of its interfaces. */
  left(): void {
    this.settle();
    for (const { watching } of this.#interfaces) watching.coverage.left();
  }

  again(interfaceIndex: number): void {
    this.#interfaces[interfaceIndex]?.watching.coverage.again();
    this.#described(interfaceIndex);
  }

  #described(interfaceIndex: number): void {
    const entry = this.#interfaces[interfaceIndex];
    if (entry === undefined) return;
    entry.described = this.host.reached().frames;
    const start = this.host.foretold[interfaceIndex]?.starts[entry.descriptions] ?? NaN;
    entry.descriptions += 1;
    if (!Number.isNaN(start)) this.beganAt(interfaceIndex, start);
  }

  /** Nothing more comes; frames after the last statement show that somebody went on watching. */
  settle(): void {
    const { frames, last: time } = this.host.reached();
    const { shift } = this.clock;
    for (const { watching } of this.#interfaces) watching.coverage.settle(frames, { time, shift });
  }

  /** The input is over. Where another one goes on later, nobody watched in between. */
  over(): void {
    this.settle();
    const last: Moment = { time: this.host.reached().last, shift: this.clock.shift };
    for (const entry of this.#interfaces) {
      const next = this.host.foretold[entry.description.index]?.next ?? null;
      const gap = next === null ? null : entry.watching.coverage.over(last, { time: next, shift: 0 });
      if (gap !== null) this.host.gap(gap, entry);
    }
  }

  /** Between the last frame and the next one there may have been others. */
  missed(reason: string): void {
    const { last: time } = this.host.reached();
    if (Number.isNaN(time)) return;
    this.host.settle();
    this.settle();
    for (const entry of this.#interfaces) {
      const gap = entry.watching.coverage.interrupted(reason, { time, shift: this.clock.shift });
      if (gap === null) continue;
      this.#missing.push(entry);
      this.host.gap(gap, entry);
    }
  }

  /** A frame has come. @param time of it, in seconds since 1970 */
  goesOn(time: number): void {
    const missing = this.#missing;
    this.#missing = [];
    for (const entry of missing) {
      const gap = entry.watching.coverage.began({ time, shift: this.clock.shift });
      if (gap !== null) this.host.gap(gap, entry);
    }
  }

  /** @param time as the capture has it */
  beganAt(interfaceIndex: number, time: number): void {
    const entry = this.#interfaces[interfaceIndex];
    // Each statement says it again.
    if (entry === undefined || entry.start === time) return;
    this.host.settle();
    // Told at last, behind the frames, it was the clock before any step that showed it.
    const late = Number.isNaN(entry.start) && entry.described < this.host.reached().frames;
    entry.start = time;
    entry.dropped = 0;
    entry.counted = null;
    const gap = entry.watching.coverage.began(late ? { time, shift: 0 } : this.#moment(time));
    if (gap !== null) this.host.gap(gap, entry);
  }

  /** @param time as the capture has it */
  endedAt(interfaceIndex: number, time: number): void {
    this.host.settle();
    const entry = this.#interfaces[interfaceIndex];
    const gap = entry?.watching.coverage.ended(this.#moment(time), this.host.reached().frames) ?? null;
    if (entry !== undefined && gap !== null) this.host.gap(gap, entry);
  }

  /** @param stamp when it was said, as the capture has it; NaN: not known */
  remark(interfaceIndex: number, remark: WatchRemark, stamp: number): void {
    const entry = this.#interfaces[interfaceIndex];
    if (entry === undefined || Number.isNaN(stamp)) return;
    this.host.settle();
    switch (remark.kind) {
      case "gap":
        this.#gap(entry, remark.reason, stamp);
        break;
      case "counts":
        if (remark.dropped !== null) this.#dropped(entry, remark.dropped, stamp);
        break;
      case "stalled":
        this.#stalled(remark.from, remark.to, stamp);
        break;
      case "clock":
        this.clock.read(stamp, remark.monotonic);
        break;
    }
  }

  #gap(entry: Entry, reason: string, stamp: number): void {
    const gap = entry.watching.coverage.interrupted(reason, this.#moment(stamp));
    if (gap !== null) this.host.gap(gap, entry);
  }

  #moment(stamp: number): Moment {
    const { shift } = this.clock;
    return { time: stamp + shift, shift };
  }

  #dropped(entry: Entry, dropped: number, stamp: number): void {
    const time = stamp + this.clock.shift;
    const { coverage, losses } = entry.watching;
    const from = entry.counted ?? coverage.from;
    // What stands there as the watch begins was lost before.
    const lost = stamp <= entry.start ? 0 : dropped < entry.dropped ? dropped : dropped - entry.dropped;
    if (lost > 0) losses.add(from ?? -Infinity, Math.max(time, from ?? time), lost);
    entry.dropped = dropped;
    entry.counted = time;
  }

  /** One program captures on all interfaces. */
  #stalled(from: number, to: number, stamp: number): void {
    if (to > stamp + STATED_LATER) return;
    const { shift } = this.clock;
    for (const { description, watching } of this.#interfaces) {
      if (description.stampedOnArrival === true) watching.stalls.add(from + shift, to + shift, to - from);
    }
  }
}

/** A statement about the past is not made before it is over; what two clocks make of that, in seconds. */
const STATED_LATER = 1;
