import { addSeconds, toSeconds } from "../capture/instant.js";
import type { Binding, Cycle, Grant } from "./cycle.js";
import type { Ledger } from "./ledger.js";
import type { Message } from "./message.js";
import type { Observed } from "./observed.js";
import { undecided } from "./outcomes/decide.js";
import { hiddenGrant } from "./hidden-grant.js";
import { renewalDue, TOO_EARLY } from "./schedule.js";
import { expiryTolerance } from "./timers.js";

/**
 * How long ago things were is not known any more: a clock was set. Of a client's lease the timers are forgotten; a reply
 * that nothing spoke against is taken as granted, though what the client does next cannot prove it.
 */
export function forgetTimes(ledger: Ledger, binding: Binding): void {
  const { cycle } = binding;
  if (cycle?.kind === "renewal" && !cycle.turnedDown) {
    const ack = undecided(cycle).find(({ message, fault }) => message.kind === "ACK" && fault === null);
    if (ack !== undefined) ledger.grant(cycle, ack);
  }
  if (binding.cycle?.kind === "renewal") binding.cycle.grantedBefore = null;
  if (binding.lease !== null) binding.lease.untimed = true;
  binding.boundAt = null;
}

/** How a renewal in which replies were ignored went on, nobody watched: it ends, undecided, with what was seen of it. */
export function endUnseen(ledger: Ledger, cycle: Cycle | null): void {
  const last = cycle?.attempts.at(-1);
  if (cycle?.kind === "renewal" && cycle.turnedDown && last !== undefined) ledger.close(cycle, last.message.instant);
}

/** So long after its end, as a part of the lease, no client asks to keep its address unless it was renewed. */
const LONG_EXPIRED = 0.2;
/** Seconds; what was captured so soon after a message is of the same breath. */
const JUST_AFTER = 1;

/**
 * Whether stamps jump from a time in which the client's lease was good to one in which it has long been over, with no
 * frame of anybody in between, and the client still asks to keep it: by its own clock, it was not.
 */
export function hasJumped({ cycle, lease }: Binding, next: Message, observed: Observed): boolean {
  if (next.kind !== "REQUEST" || next.dhcp.ciaddr === 0) return false;
  if (cycle === null) {
    if (lease?.address !== next.dhcp.ciaddr || lease.untimed || lease.granted === null || lease.terms === null) {
      return false;
    }
    const { granted, terms } = lease;
    return outlives({ granted, terms }, toSeconds(addSeconds(granted, Math.min(terms.t1, MOST))), next, observed);
  }
  const last = cycle.attempts.at(-1);
  if (cycle.kind !== "renewal" || cycle.grantedBefore === null || last === undefined) return false;
  return last.replies.length === 0 && outlives(cycle.grantedBefore, last.message.time + JUST_AFTER, next, observed);
}

/** A first request this late, as a part of the time to T1 and in seconds beyond it, need not be the first. */
const ON_SCHEDULE = 1.1;
const SLACK = 2;

/**
 * Whether the client may have been granted its lease anew while nobody watched, so that it is not known how old the
 * lease is that it asks to renew now.
 */
export function mayBeRenewed(binding: Binding, next: Message, observed: Observed): boolean {
  const { cycle, lease, client } = binding;
  if (next.kind !== "REQUEST" || next.dhcp.ciaddr === 0) return false;
  if (cycle !== null) {
    const last = cycle.attempts.at(-1)?.message.time;
    if (cycle.kind !== "renewal" || cycle.grantedBefore === null || last === undefined) return false;
    const { granted, terms } = cycle.grantedBefore;
    const expires = toSeconds(granted) + terms.leaseTime + expiryTolerance(terms.leaseTime);
    return next.time > expires && observed.hidden(client, last, next.time) !== null;
  }
  if (lease === null || lease.untimed || lease.granted === null || lease.terms === null) return false;
  const { granted, terms } = lease;
  const due = renewalDue(binding, terms);
  if (next.time <= toSeconds(granted) + ON_SCHEDULE * due + SLACK) return false;
  const hidden = hiddenGrant(binding, { granted, terms }, next.time, observed);
  return hidden !== null && next.time - hidden.from >= TOO_EARLY * due;
}

/** Seconds; an infinite lease has no T1. */
const MOST = 1e12;

function outlives({ granted, terms }: Grant, since: number, next: Message, observed: Observed): boolean {
  const expires = toSeconds(granted) + terms.leaseTime;
  const over = expires + LONG_EXPIRED * terms.leaseTime + expiryTolerance(terms.leaseTime);
  return next.time > over && !observed.sawBetween(since, expires);
}
