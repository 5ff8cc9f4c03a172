/** What a capture says of its own watching of an interface, beside from when to when. Times in seconds. */
export type Remark =
  /** CLOCK_MONOTONIC at the time of the statement. */
  | { readonly kind: "clock"; readonly monotonic: number }
  /**
   * The capturing process did not run between these times (since 1970). Stamps that it took itself, in that time or right
   * after it, are late by up to that much.
   */
  | { readonly kind: "stalled"; readonly from: number; readonly to: number }
  /** Why the watch that ends with this statement ended; at most 200 characters, of any kind. */
  | { readonly kind: "gap"; readonly reason: string }
  /** Frames since the watch began (isb_ifrecv; isb_ifdrop and isb_osdrop together); null: it does not say. */
  | { readonly kind: "counts"; readonly received: number | null; readonly dropped: number | null };

/**
 * Those for which pcapng has no field. They stand in comments of interface statistics, in words that a person reads in
 * Wireshark and a grammar that leaves no doubt:
 *
 *     monotonic 12345.678901
 *     stalled from 1764329000.123456 to 1764329003.456789
 *     gap: interface gone
 */
export type Comment = Exclude<Remark, { readonly kind: "counts" }>;

/** Of an interface whose frames have the time at which the capturing program got them, not that of the kernel. */
export const ARRIVAL_STAMPS = "arrival time stamps";

const MOST_REASON = 200;

const CLOCK = /^monotonic (\d{1,12}\.\d{6})$/;
const STALLED = /^stalled from (\d{1,12}\.\d{6}) to (\d{1,12}\.\d{6})$/;
const GAP = /^gap: (\S.*)$/s;

/** Null for a comment that is just a comment. */
export function parseComment(text: string): Comment | null {
  const clock = CLOCK.exec(text);
  if (clock !== null) return { kind: "clock", monotonic: Number(clock[1]) };
  const stalled = STALLED.exec(text);
  if (stalled !== null) {
    const [from, to] = [Number(stalled[1]), Number(stalled[2])];
    return from < to ? { kind: "stalled", from, to } : null;
  }
  const reason = GAP.exec(text)?.[1];
  return reason === undefined ? null : { kind: "gap", reason: reason.slice(0, MOST_REASON) };
}

/** The comment that `parseComment` reads; of times, what is finer than a microsecond is cut off. */
export function commentText(comment: Comment): string {
  switch (comment.kind) {
    case "clock":
      return `monotonic ${decimal(comment.monotonic)}`;
    case "stalled":
      return `stalled from ${decimal(comment.from)} to ${decimal(comment.to)}`;
    case "gap":
      return `gap: ${comment.reason}`;
  }
}

function decimal(seconds: number): string {
  return (Math.floor(seconds * 1e6) / 1e6).toFixed(6);
}
