import type { Stamp } from "./stamp.js";

/** A line that something rests on. */
export interface Place {
  readonly input: string;
  /** Counted from 1. */
  readonly line: number;
  readonly stamp: Stamp | null;
}

/** Seconds from one line to another; null where either has no stamp. */
export function secondsBetweenPlaces(earlier: Place, later: Place): number | null {
  return earlier.stamp === null || later.stamp === null ? null : later.stamp.time - earlier.stamp.time;
}
