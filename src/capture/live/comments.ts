/**
 * What pcapng has no field for, said in comments on interface statistics that a person and a program understand. Times
 * are microseconds since 1970, whole.
 */

/** On the description of an interface whose frames are stamped when this program gets them, not by the kernel. */
export const ARRIVAL_STAMPS = "arrival time stamps";

const GAP = "gap: ";

/** Why the watch that ends here ended. */
export function gapComment(reason: string): string {
  return `${GAP}${reason}`;
}

export function isGapComment(comment: string | null): boolean {
  return comment?.startsWith(GAP) ?? false;
}

/** CLOCK_MONOTONIC at the block's time stamp: where the two differ in how far they came, the clock was set. */
export function monotonicComment(micros: number): string {
  return `monotonic ${decimal(micros)}`;
}

/** The capture process did not run in between, so that arrival stamps are late. */
export function stallComment(from: number, to: number): string {
  return `stalled from ${decimal(from)} to ${decimal(to)}`;
}

function decimal(micros: number): string {
  return `${Math.floor(micros / 1e6)}.${String(Math.floor(micros % 1e6)).padStart(6, "0")}`;
}
