import { Coverage } from "./coverage.js";
import { Spans } from "./spans.js";

/** What a capture says of how it watched one interface. */
export class Watching {
  readonly coverage = new Coverage();
  /** When the program that stamps the frames on arrival stood still. */
  readonly stalls = new Spans();
  /** When frames were lost by the capture, and how many. */
  readonly losses = new Spans();
}

/** From when to when, in seconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** After it stood still a program works off what has waited for it; seconds until stamps can be believed again. */
const BACKLOG = 1;

/** When each capture point was watched, and how well. */
export class WatchedPoints {
  readonly #points: Watching[] = [];

  /** @returns the number of a new point, which is one of that interface */
  add(interfaceWatched: Watching): number {
    return this.#points.push(interfaceWatched) - 1;
  }

  /** Some program that stamps frames on arrival stood still at some time. */
  get everStalled(): boolean {
    return this.#points.some(({ stalls }) => !stalls.isEmpty);
  }

  /** The first stretch between these times in which none of these points was watched; null: there is none. */
  unwatched(points: readonly number[], from: number, to: number): Stretch | null {
    if (points.length === 0) return null;
    for (let time = from; time < to;) {
      const until = this.#watchedFrom(points, time);
      if (until === -Infinity) return { from: time, to: Math.min(to, this.#watchedAfter(points, time)) };
      time = until;
    }
    return null;
  }

  /** Until when one of these points was watched without interruption from `time` on; -Infinity: not even then. */
  #watchedFrom(points: readonly number[], time: number): number {
    let latest = -Infinity;
    for (const point of points) latest = Math.max(latest, this.#points[point]?.coverage.watchedFrom(time) ?? -Infinity);
    return latest;
  }

  /** When one of these points was watched again, if none was at `time`; Infinity: never. */
  #watchedAfter(points: readonly number[], time: number): number {
    let first = Infinity;
    for (const point of points) first = Math.min(first, this.#points[point]?.coverage.watchedAfter(time) ?? Infinity);
    return first;
  }

  /** The latest time, `time` at the most, at which one of these points was watched. */
  watchedBefore(points: readonly number[], time: number): number {
    const latest = points.map((point) => this.#points[point]?.coverage.watchedBefore(time) ?? time);
    return latest.length === 0 ? time : Math.max(...latest);
  }

  /** How many frames the capture lost at these points, in a time of which this is a part. */
  lostFrames(points: readonly number[], from: number, to: number): number {
    const spans = points.flatMap((point) => [...(this.#points[point]?.losses.within(from, to) ?? [])]);
    return spans.reduce((sum, { amount }) => sum + amount, 0);
  }

  /**
   * When the capture stood still, so that a frame with this stamp may have come as early as the beginning of it; null: it
   * did not.
   */
  stallBefore(points: readonly number[], stamp: number): Stretch | null {
    let first: Stretch | null = null;
    for (const point of points) {
      const stalls = this.#points[point]?.stalls;
      if (stalls === undefined || stalls.isEmpty) continue;
      for (const stall of stalls.within(stamp - BACKLOG, stamp)) {
        if (stall.from < (first?.from ?? Infinity)) first = stall;
      }
    }
    return first;
  }
}
