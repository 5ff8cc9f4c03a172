import { and, int, load8, shiftRight, times, type Code } from "./assembler.js";
import { FILTER } from "./memory-layout.js";

/*
 * Which senders may be clients, and whose ARP may be a server's: a page of bits, one for each hash of four octets, as a
 * number in little-endian order. These are the last of a client's hardware address, and a server's IPv4 address. Nobody is
 * missed; 100 000 clients let one stranger of five pass for one.
 */

/** Fibonacci hashing (Knuth, volume 3, 6.4): 2^32 by the golden ratio, of which the upper bits are good. */
const MULTIPLIER = 0x9e3779b1;
/** 19 bits are left. */
const DROPPED = 13;

export function mark(bytes: Uint8Array, octets: number): void {
  const hash = Math.imul(octets, MULTIPLIER) >>> DROPPED;
  const at = FILTER + (hash >>> 3);
  bytes[at] = (bytes[at] ?? 0) | (1 << (hash & 7));
}

export const hashOf = (octets: Code): Code => shiftRight(times(octets, int(MULTIPLIER)), int(DROPPED));

export const isMarked = (hash: Code): Code =>
  and(shiftRight(load8(shiftRight(hash, int(3)), FILTER), and(hash, int(7))), int(1));
