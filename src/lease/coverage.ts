import { firstIndex } from "./sorted.js";

/** A time in seconds since 1970, and how many of them to take off for printing: see `Instant`. */
export interface Moment {
  readonly time: number;
  readonly shift: number;
}

/** A time in which a capture point was not watched, in seconds since 1970. */
export interface Gap {
  readonly from: number;
  /** Infinity: it was not watched again. */
  to: number;
  /** As the capture gives it, of any characters; null: it does not say. */
  readonly reason: string | null;
  /** What to take off from either for printing: see `Instant`. */
  readonly shifts: { readonly from: number; to: number };
}

/** Why nothing is known of some time: what stands there in the capture is damaged … */
export const UNREADABLE = "the capture is damaged there";
/** … or is in view, but not in its place. */
export const UNTIMED = "a DHCP frame of that time has no time stamp";

/** So many gaps of one point are kept; where the oldest are forgotten, it counts as not watched. */
const MOST_GAPS = 4096;
/** A watch goes on where another ended: what rounding may leave between them, in seconds. */
const JOINT = 0.001;
/** Programs say when they began by another clock than that of the frames: frames may be earlier, by less than this. */
const EARLY = 1;

/**
 * When an interface was watched, by what the capture itself says. Silence at any other time is nobody's silence. Where it
 * says nothing, it was watched as long as there were frames. Times are seconds since 1970.
 */
export class Coverage {
  /** In order of time, apart from each other. */
  readonly gaps: Gap[] = [];
  /** -Infinity: of an earlier watch it did not say. */
  #from: number | null = null;
  #until: Moment | null = null;
  /** Frames of the input that had come when the end was said last. */
  #frames = 0;
  /** It was described again since the gap under way began. */
  #again = false;

  /** Since when it was watched; null: it does not say. */
  get from(): number | null {
    return this.#from === -Infinity ? null : this.#from;
  }

  /** Up to when it was watched, last; null: it does not say. */
  get until(): number | null {
    return this.#until?.time ?? null;
  }

  /** A watch began at `moment`. Returns the gap that ends with it, if any. */
  began(moment: Moment): Gap | null {
    const open = this.#open();
    if (open !== null) return this.#close(open, moment);
    const until = this.#until;
    if (until !== null && moment.time > until.time + JOINT) return this.#close(this.#add(until, null), moment);
    if (this.gaps.length === 0) this.#from = Math.min(this.#from ?? Infinity, moment.time);
    return null;
  }

  /**
   * It was watched up to `moment`. Returns the gap that is over by that, if any.
   *
   * @param frames frames of the input that came before this was said
   */
  ended(moment: Moment, frames: number): Gap | null {
    const open = this.#open();
    const over = open !== null && this.#again ? this.#close(open, moment) : null;
    this.#extend(moment);
    this.#frames = frames;
    return over;
  }

  /** The watch is over. Returns the gap that begins; null: one is under way. */
  interrupted(reason: string, moment: Moment): Gap | null {
    return this.#open() === null ? this.#add(this.#until ?? moment, reason) : null;
  }

  /**
   * No more of it may come. Frames of the input since the last statement show that somebody went on watching.
   *
   * @param frames frames of the input so far
   * @param last of the last of them
   */
  settle(frames: number, last: Moment): void {
    if (this.#until === null || this.#open() !== null || this.#frames >= frames) return;
    this.#extend(last);
    this.#frames = frames;
  }

  /** The capture begins anew, perhaps without this interface. */
  left(): void {
    if (this.#until !== null && this.#open() === null) this.#add(this.#until, null);
  }

  /**
   * No more of it comes, and later another watched the same place. Returns the gap in between, if any.
   *
   * @param last of the last frame, after which it may not say that it was over
   * @param next of the other's beginning
   */
  over(last: Moment, next: Moment): Gap | null {
    if (this.#until === null) return null;
    if (this.#open() === null) this.#extend(last);
    this.left();
    const [open, until] = [this.#open(), this.#until];
    const gap = open === null ? null : this.#close(open, next);
    this.#until = until;
    return gap;
  }

  /** It is described again; if nobody says since when, it was watched all the time. */
  again(): void {
    this.#again = true;
    this.#from ??= -Infinity;
    if (this.#open()?.reason === null) this.gaps.pop();
  }

  /** Until when it was watched without interruption from `time` on; -Infinity: not even then. */
  watchedFrom(time: number): number {
    if (this.#from !== null && time < this.#from - EARLY) return -Infinity;
    const gap = this.gaps[this.#firstEndingAfter(time)];
    if (gap === undefined) return Infinity;
    return gap.from > time ? gap.from : -Infinity;
  }

  /** The latest time, `time` at the most, at which it was watched; -Infinity: none. */
  watchedBefore(time: number): number {
    if (this.#from !== null && time < this.#from - EARLY) return -Infinity;
    return Math.min(time, this.gaps[this.#firstEndingAfter(time)]?.from ?? Infinity);
  }

  /** When it was watched again, if it was not at `time`; Infinity: never. */
  watchedAfter(time: number): number {
    if (this.#from !== null && time < this.#from - EARLY) return this.#from;
    return this.gaps[this.#firstEndingAfter(time)]?.to ?? time;
  }

  #open(): Gap | null {
    const last = this.gaps.at(-1);
    return last?.to === Infinity ? last : null;
  }

  #extend(moment: Moment): void {
    if (this.#until === null || moment.time > this.#until.time) this.#until = moment;
  }

  #add({ time: from, shift }: Moment, reason: string | null): Gap {
    const gap: Gap = { from, to: Infinity, reason, shifts: { from: shift, to: shift } };
    this.gaps.push(gap);
    this.#again = false;
    if (this.gaps.length > MOST_GAPS) this.#from = this.gaps.shift()?.to ?? null;
    return gap;
  }

  #close(gap: Gap, { time, shift }: Moment): Gap | null {
    gap.to = Math.max(time, gap.from);
    gap.shifts.to = shift;
    this.#until = { time: gap.to, shift };
    if (gap.to - gap.from > JOINT) return gap;
    this.gaps.pop();
    // Who was told that it began is told that it is over.
    return gap.reason === null ? null : gap;
  }

  #firstEndingAfter(time: number): number {
    return firstIndex(this.gaps.length, (index) => (this.gaps[index]?.to ?? Infinity) > time);
  }
}
