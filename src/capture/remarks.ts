/** What a capture says of its own watching of an interface, beside from when to when. Times in seconds. */
export type Remark =
  /** CLOCK_MONOTONIC at the time of the statement. */
  | { readonly kind: "clock"; readonly monotonic: number }
  /**
   * The capturing process did not run between these times (since 1970). Stamps that it took itself, in that time or right
   * after it, are late by up to that much.
   */
  | { readonly kind: "stalled"; readonly from: number; readonly to: number }
  /** Seconds for which some task on the capturing host has waited for each since it was booted (/proc/pressure, "some"). */
  | { readonly kind: "pressure"; readonly cpu: number; readonly io: number; readonly memory: number }
  /**
   * Hardware addresses of which the capturing host's bridge got a frame at that port in the ten seconds before, whether
   * that was captured or not. Lower case with colons.
   */
  | { readonly kind: "heard"; readonly port: string; readonly macs: readonly string[] }
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
 *     pressure cpu 12.345678 io 5.327087 memory 0.000000
 *     heard on vnet3: 52:54:00:12:65:64 52:54:00:12:65:65
 */
export type Comment = Exclude<Remark, { readonly kind: "counts" }>;

/** Of an interface whose frames have the time at which the capturing program got them, not that of the kernel. */
export const ARRIVAL_STAMPS = "arrival time stamps";
/** Why a watch ended that was not interrupted: nothing is missing after it. */
export const CAPTURE_ENDED = "the capture was ended";

const MOST_REASON = 200;

const CLOCK = /^monotonic (\d{1,12}\.\d{6})$/;
const STALLED = /^stalled from (\d{1,12}\.\d{6}) to (\d{1,12}\.\d{6})$/;
const PRESSURE = /^pressure cpu (\d{1,12}\.\d{6}) io (\d{1,12}\.\d{6}) memory (\d{1,12}\.\d{6})$/;
const HEARD = /^heard on (\S{1,15}):((?: [0-9a-f]{2}(?::[0-9a-f]{2}){5})+)$/;
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
  const pressure = PRESSURE.exec(text);
  if (pressure !== null) {
    return { kind: "pressure", cpu: Number(pressure[1]), io: Number(pressure[2]), memory: Number(pressure[3]) };
  }
  const [, port, macs] = HEARD.exec(text) ?? [];
  if (port !== undefined && macs !== undefined) return { kind: "heard", port, macs: macs.trim().split(" ") };
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
    case "pressure": {
      const { cpu, io, memory } = comment;
      return `pressure cpu ${decimal(cpu)} io ${decimal(io)} memory ${decimal(memory)}`;
    }
    case "heard":
      return `heard on ${comment.port}: ${comment.macs.join(" ")}`;
    case "gap":
      return `gap: ${comment.reason}`;
  }
}

function decimal(seconds: number): string {
  return (Math.floor(seconds * 1e6) / 1e6).toFixed(6);
}
