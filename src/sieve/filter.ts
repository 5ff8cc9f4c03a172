import { and, int, load8, shiftRight, times, type Code } from "./assembler.js";
import { FILTER } from "./memory-layout.js";

/*
 * Which senders may be clients: a page of bits, one for each hash of the last four octets of a hardware address, as a
 * number in little-endian order. No client is missed; 100 000 of them let one stranger of five pass for a client.
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
