import { toSeconds } from "../../capture/instant.js";
import type { Cycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";

/**
 * A client that gives up first runs its script (ISC dhclient: EXPIRE), and sends its DISCOVER after that; what comes so
 * soon before a DISCOVER, in seconds, found nobody waiting any more.
 */
const LEAVING = 1;
/** A reply that took this long, in seconds, is slow; that a DISCOVER follows a prompt one so closely is no coincidence. */
const SLOW = 1;

/**
 * Whether a reply that the client did not take had come when its client no longer waited for it: after it had closed its
 * socket, after its lease had run out, or just as it was about to begin anew.
 *
 * @param next what the client sent next; null: nothing
 */
export function cameTooLate(cycle: Cycle, { attempt, latency, message }: Reply, next: Message | null): boolean {
  if (attempt.message.dhcp.ciaddr !== 0 && latency > (cycle.binding.software?.listens ?? Infinity)) {
    return true;
  }
  if (cycle.kind !== "renewal" || next?.dhcp.ciaddr !== 0) {
    return false;
  }
  const { grantedBefore } = cycle;
  // RFC 2131 §4.4.5: at its expiry the client stops using the address, and returns to INIT. Who asks even after that waits.
  const expires = grantedBefore === null ? Infinity : toSeconds(grantedBefore.granted) + grantedBefore.terms.leaseTime;
  const ranOut = attempt.message.time < expires && message.time >= expires;
  return ranOut || (latency >= SLOW && next.time - message.time < LEAVING);
}
