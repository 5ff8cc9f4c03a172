import { addSeconds, type Instant } from "../capture/instant.js";
import type { Message } from "./message.js";

/** RFC 2131 §3.3: a lease time of all ones never ends. */
export const INFINITE = 0xffffffff;

/** What an ACK grants, in seconds from the sending of the REQUEST (RFC 2131 §4.4.1, §4.4.5). */
export interface Terms {
  readonly leaseTime: number;
  readonly t1: number;
  readonly t2: number;
  /** The earliest T1 that clients make of it: without option 58, some keep to the defaults' proportion to T2. */
  readonly earliestT1: number;
  /** Whether T1 and T2 were sent (options 58 and 59), are the defaults 0.5 and 0.875, or come from a lease file. */
  readonly timers: "options" | "defaults" | "file";
  /** T1 < T2 < lease does not hold as sent; the defaults stand in, as clients do. */
  readonly odd: boolean;
}

/** null if the message tells no lease time. An infinite lease has infinite timers. */
export function termsOf(ack: Message): Terms | null {
  const { leaseTime, t1, t2 } = ack;
  if (leaseTime === null) {
    return null;
  }
  if (leaseTime === INFINITE) {
    return { leaseTime: Infinity, t1: Infinity, t2: Infinity, earliestT1: Infinity, timers: "defaults", odd: false };
  }
  if (t1 === null && t2 === null) return defaults(leaseTime, false);
  const half = leaseTime * DEFAULT_T1;
  const first = t1 ?? Math.min(half, t2 ?? half);
  const second = t2 ?? Math.max(leaseTime * DEFAULT_T2, first);
  if (first > second || second > leaseTime) return defaults(leaseTime, true);
  // n-dhcp4: T1 is four sevenths of T2, as 0.5 is of 0.875.
  const earliestT1 = t1 ?? Math.min(first, (second * DEFAULT_T1) / DEFAULT_T2);
  return { leaseTime, t1: first, t2: second, earliestT1, timers: "options", odd: false };
}

/** RFC 2131 §4.4.5. */
const DEFAULT_T1 = 0.5;
const DEFAULT_T2 = 0.875;

function defaults(leaseTime: number, odd: boolean): Terms {
  const t1 = leaseTime * DEFAULT_T1;
  return { leaseTime, t1, t2: leaseTime * DEFAULT_T2, earliestT1: t1, timers: "defaults", odd };
}

export interface Deadlines {
  readonly t1: Instant;
  readonly t2: Instant;
  readonly expires: Instant;
}

/** null for a lease without end. */
export function deadlines(granted: Instant, terms: Terms): Deadlines | null {
  if (terms.leaseTime === Infinity) {
    return null;
  }
  return {
    t1: addSeconds(granted, terms.t1),
    t2: addSeconds(granted, terms.t2),
    expires: addSeconds(granted, terms.leaseTime),
  };
}

/** How far from a computed expiry a client may act and still be acting on it: whole-second timers, slow guests. */
export function expiryTolerance(leaseTime: number): number {
  return Math.max(2.5, leaseTime * 0.04);
}
