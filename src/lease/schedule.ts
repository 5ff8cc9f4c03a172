import type { Binding } from "./cycle.js";
import type { Terms } from "./timers.js";

/** A client whose renewals come later than this many times T1, twice alike, keeps to a schedule of its own. */
const OTHER_SCHEDULE = 1.5;
const ALIKE = 1.2;

/**
 * Below this part of the time to the next renewal (or of the time that the last one took), asking again is no renewal;
 * dhclient renews from 0.75 of T1 on.
 */
export const TOO_EARLY = 0.7;

/** The part of its lease after which this client renews, whatever T1 says; null: it goes by T1, as far as is known. */
function ownRatio({ software, renewalRatios }: Binding): number | null {
  if (software?.ignoresT1 === true) {
    return 0.5;
  }
  const [before, last] = renewalRatios;
  if (before === undefined || last === undefined || Math.max(before, last) > ALIKE * Math.min(before, last)) {
    return null;
  }
  return Math.min(before, last);
}

/** Seconds from being bound to the next renewal: T1, or later if that is the client's way. */
export function renewalDue(binding: Binding, terms: Terms): number {
  const own = (ownRatio(binding) ?? 0) * terms.leaseTime;
  if (binding.software?.ignoresT1 === true) {
    return own;
  }
  return own > OTHER_SCHEDULE * terms.t1 ? own : terms.earliestT1;
}

/** Seconds after which a client that has asked for nothing has missed its renewal: T2, or later if that is its way. */
export function renewalMissed(binding: Binding, terms: Terms): number {
  const knowsT2 = binding.software !== null && !binding.software.ignoresT1;
  const keepsT2 = binding.renewalRatios.some((ratio) => ratio * terms.leaseTime <= terms.t2);
  return knowsT2 || keepsT2 ? terms.t2 : Math.max(terms.t2, 0.875 * terms.leaseTime);
}
