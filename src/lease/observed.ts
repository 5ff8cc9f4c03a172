import { addSeconds, toSeconds, type Instant } from "../capture/instant.js";
import type { Client } from "./cycle.js";
import { WatchedPoints, type Stretch } from "./watched-points.js";

/** A stretch without any frame is remembered from this length on, in seconds. */
const QUIET = 2;
/** So many of them are remembered of each input; where the oldest are forgotten, something counts as seen. */
const MOST = 4096;
/** One file goes on where another of the same place ended: no more than this lies between them, in seconds. */
const ROTATION = 2;

/** When one input was watching, and saw nothing at all. Times are seconds since 1970. */
export class Watch {
  first = Infinity;
  /** Of the last frame that was read. */
  last = -Infinity;
  /** Silence is evidence up to here; -Infinity: it was not watching. */
  until = -Infinity;
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  #oldest = 0;

  /** No frame came between these. */
  quiet(from: number, to: number): void {
    if (to - from < QUIET) return;
    const at = this.#from.length < MOST ? this.#from.length : this.#oldest;
    this.#from[at] = from;
    this.#to[at] = to;
    if (this.#from.length >= MOST) this.#oldest = (at + 1) % MOST;
  }

  /** Length of the silence around `from` to `to`: 0 if any frame was seen between them, Infinity if nobody watched. */
  silenceAround(from: number, to: number): number {
    if (this.first > to) return Infinity;
    // After its last frame no stamp can have jumped: whoever says that it was watched until then has a clock of his own.
    if (this.last < from) return this.until >= to ? 0 : Infinity;
    const index = this.#firstThatEndsAfter(from);
    const at = (this.#oldest + index) % MOST;
    const start = this.#from[at] ?? Infinity;
    const end = this.#to[at] ?? -Infinity;
    return index < this.#from.length && start <= from && end >= to ? end - start : 0;
  }

  #firstThatEndsAfter(time: number): number {
    let low = 0;
    let high = this.#from.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#to[(this.#oldest + middle) % MOST] ?? Infinity) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** When anybody was watching, input by input, and point by point where the capture tells. */
export class Observed {
  readonly points = new WatchedPoints();
  readonly #watches = new Map<string, Watch>();

  watch(input: string): Watch {
    const watch = new Watch();
    this.#watches.set(input, watch);
    return watch;
  }

  /** Length of the silence around these times: 0 if any input saw a frame of anybody, Infinity if none was watching. */
  silenceAround(from: number, to: number): number {
    let least = Infinity;
    for (const watch of this.#watches.values()) least = Math.min(least, watch.silenceAround(from, to));
    return least;
  }

  /** Whether any input saw any frame between these times, whomever it was of. */
  sawBetween(from: number, to: number): boolean {
    return this.silenceAround(from, to) === 0;
  }

  /** Until when somebody was watched without interruption from `time` on; in seconds since 1970. */
  watchedFrom(client: Client, time: number): number {
    return Math.min(this.#watchedFrom(client.inputs, time), this.hidden(client, time, Infinity)?.from ?? Infinity);
  }

  #watchedFrom(inputs: readonly string[], time: number): number {
    const watches = inputs.flatMap((input) => this.#watches.get(input) ?? []);
    let end = time;
    for (let index = 0; index < watches.length; index += 1) {
      const next = watches.find((watch) => watch.first <= end + ROTATION && watch.until > end);
      if (next === undefined) break;
      end = next.until;
    }
    return end;
  }

  /** The latest time, `until` at the most, at which this client could be seen somewhere. */
  watchedBefore(client: Client, until: Instant): Instant {
    const end = toSeconds(until);
    const watched = this.points.watchedBefore(pointsOf(client), end);
    return watched === end ? until : addSeconds(until, Math.max(0, watched) - end);
  }

  /** The first stretch between these times in which this client could not be seen anywhere; null: there is none. */
  hidden(client: Client, from: number, to: number): Stretch | null {
    return this.points.unwatched(pointsOf(client), from, to);
  }

  /** How many frames the capture lost where this client is seen, in a time of which that is a part. */
  lostFrames({ seenAt }: Client, from: number, to: number): number {
    return this.points.lostFrames(seenAt.any, from, to);
  }

  /** Something of this client may have been there and is not in view: nobody watched for a while, or frames were lost. */
  mayHaveMissed(client: Client, from: number, to: number): boolean {
    return this.hidden(client, from, to) !== null || this.lostFrames(client, from, to) > 0;
  }

  /** See WatchedPoints.stallBefore. */
  stallBefore({ seenAt }: Client, stamp: number): Stretch | null {
    return this.points.stallBefore(seenAt.any, stamp);
  }

  /** Neither of two frames with these stamps may have come earlier than it was stamped. */
  isTimed(client: Client, asked: number, answered: number): boolean {
    return this.stallBefore(client, asked) === null && this.stallBefore(client, answered) === null;
  }

  /** How many seconds may lie between two frames with these stamps, each of which may be late. */
  latencyBounds(client: Client, asked: number, answered: number): { readonly least: number; readonly most: number } {
    return {
      least: Math.max(0, Math.min(this.stallBefore(client, answered)?.from ?? answered, answered) - asked),
      most: answered - Math.min(this.stallBefore(client, asked)?.from ?? asked, asked),
    };
  }

  /** The last such stretch, of those that are longer than `least` seconds. */
  lastHidden(client: Client, from: number, to: number, least: number): Stretch | null {
    let last: Stretch | null = null;
    for (let next = this.hidden(client, from, to); next !== null; next = this.hidden(client, next.to, to)) {
      if (next.to - next.from > least) last = next;
    }
    return last;
  }
}

/** Where a client is to be seen: where its unicasts pass, if there is such a place; broadcasts are flooded everywhere. */
export function pointsOf({ seenAt }: Client): readonly number[] {
  return seenAt.unicast.length > 0 ? seenAt.unicast : seenAt.any;
}
