import { addSeconds, instantAt, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { AcquisitionCycle, Aliveness, Binding, Lease, RenewalCycle } from "./cycle.js";
import type { Ledger } from "./ledger.js";
import type { Message } from "./message.js";
import type { Observed } from "./observed.js";
import type { Presence } from "./presence.js";
import { actsOnExpiry, type Resolution } from "./resolution.js";
import { hiddenGrant } from "./hidden-grant.js";
import { renewalMissed } from "./schedule.js";
import { deadlines, expiryTolerance, type Deadlines } from "./timers.js";
import type { Stretch } from "./watched-points.js";

/** Renewal requests over this long, in seconds, before a DISCOVER: the lease ran out, whatever its length. */
const LONG_CYCLE = 20;

/** The client renews, so it was bound, though no ACK was seen: it passes elsewhere, or nobody watched at that time. */
export function boundUnseen(ledger: Ledger, cycle: AcquisitionCycle, at: Instant, hidden: boolean): void {
  const { attempts, binding } = cycle;
  const chose = attempts.some((attempt) => attempt.state === "SELECTING");
  cycle.blind = chose && !hidden && attempts.every(({ replies }) => replies.length === 0);
  binding.blind ||= cycle.blind;
  // RFC 2131 §3.2: a client that gets no answer in INIT-REBOOT may keep its address until the lease ends.
  cycle.outcome = chose || hidden ? "bound" : "failed";
  ledger.close(cycle, at);
}

/**
 * The client is back in INIT though its renewal had not succeeded: expired, given up before, or restarted.
 *
 * @param hidden nobody watched for a while since its last attempt, so that it may have succeeded
 */
export function loseRenewal(ledger: Ledger, cycle: RenewalCycle, next: Message, hidden: boolean): void {
  const { grantedBefore } = cycle;
  const at = next.instant;
  if (hidden && !actsOnExpiry(cycle, next)) {
    ledger.drop(cycle, "SUPERSEDED", at);
    return;
  }
  if (grantedBefore === null || grantedBefore.terms.leaseTime === Infinity) {
    const rebound = cycle.attempts.some(({ message }) => message.broadcast);
    if (perhapsReleased(cycle)) {
      ledger.drop(cycle, "SUPERSEDED", at);
    } else if (cycle.attempts.length >= 2 || rebound || secondsBetween(cycle.started, at) > LONG_CYCLE) {
      ledger.lose(cycle, "expired", at);
    } else {
      // One request moments before: it may as well have been restarted.
      ledger.drop(cycle, "SUPERSEDED", at);
    }
    return;
  }
  const { leaseTime } = grantedBefore.terms;
  const expires = addSeconds(grantedBefore.granted, leaseTime);
  const late = secondsBetween(expires, at);
  if (late >= -expiryTolerance(leaseTime)) {
    ledger.lose(cycle, "expired", late > expiryTolerance(leaseTime) ? expires : at);
  } else {
    ledger.lose(cycle, "abandoned", at);
  }
}

/**
 * Cut before option 53, a RELEASE looks like a REQUEST by unicast: the last before the client begins anew, and the only
 * one without an answer.
 */
function perhapsReleased({ attempts }: RenewalCycle): boolean {
  const last = attempts.at(-1);
  const silent = attempts.filter(({ replies }) => replies.length === 0);
  return last?.message.dhcp.cut === true && !last.message.broadcast && silent.length === 1 && silent[0] === last;
}

/** So long after its end, as a part of the lease, no client goes on asking to keep its address unless it was renewed. */
const LONG_EXPIRED = 0.2;

/** Nobody was seen to answer, yet the client still renews by unicast after its lease would have ended. */
export function wasRenewedUnseen({ grantedBefore, attempts }: RenewalCycle, next: Message): boolean {
  if (grantedBefore === null || next.broadcast || attempts.some(({ replies }) => replies.length > 0)) {
    return false;
  }
  const { leaseTime } = grantedBefore.terms;
  return next.time > toSeconds(grantedBefore.granted) + leaseTime * (1 + LONG_EXPIRED) + expiryTolerance(leaseTime);
}

/** Another client software took over the hardware at `at`: what this one had is not missed. */
export function supersede(ledger: Ledger, resolution: Resolution, binding: Binding, at: Instant): void {
  if (binding.cycle !== null) {
    resolution.bySilence(binding, binding.cycle, at);
  }
  if (binding.cycle?.kind === "renewal") {
    ledger.drop(binding.cycle, "SUPERSEDED", at);
  } else if (binding.cycle !== null) {
    binding.cycle.outcome = "failed";
    ledger.close(binding.cycle, at);
  }
  if (binding.lease !== null) {
    ledger.end(binding.lease, "SUPERSEDED", null);
  }
}

/** Leases that the client let pass without a request. */
export class Unrenewed {
  constructor(
    private readonly ledger: Ledger,
    private readonly presence: Presence,
    private readonly observed: Observed,
  ) {}

  /** The client begins anew with no renewal under way: a restart, unless its lease ran out without a word. */
  restart(binding: Binding, message: Message): void {
    const { lease } = binding;
    if (lease === null) {
      return;
    }
    const times = this.#latestTimes(lease, message.time);
    if (times === null || secondsBetween(times.expires, message.instant) < -times.tolerance) {
      this.ledger.end(lease, "SUPERSEDED", null);
      return;
    }
    const discovers = message.kind === "DISCOVER";
    const acted = discovers && secondsBetween(times.expires, message.instant) <= times.tolerance;
    const alive = acted ? "seen" : this.#aliveBefore(lease, times.missed, message);
    if (alive === "seen" && !acted && !this.#wasWatched(times, message.instant)) {
      this.ledger.end(lease, "SUPERSEDED", null);
      return;
    }
    this.#miss(lease, times, alive, message.instant);
  }

  /** Observation ends at `until`. */
  settle(lease: Lease, until: Instant): void {
    const missed = this.missedBy(lease, until);
    if (missed !== null) {
      this.#miss(lease, missed.times, missed.alive, until);
    }
  }

  /** What silence until `until` says of a lease that nobody has asked to renew; null: nothing yet. Decides nothing. */
  missedBy(lease: Lease, until: Instant): Missed | null {
    const times = this.#latestTimes(lease, toSeconds(until));
    if (times === null || lease.state !== "BOUND") {
      return null;
    }
    const due = toSeconds(times.missed) + times.tolerance;
    if (toSeconds(until) <= due) return null;
    const alive = this.#aliveAfter(lease, due);
    return alive !== "seen" || this.#wasWatched(times, until) ? { times, alive } : null;
  }

  /** Of the last grant that there can have been: what nobody watched may have been one. */
  #latestTimes(lease: Lease, until: number): Times | null {
    const { granted, terms, binding } = lease;
    if (granted === null || terms === null) return null;
    const hidden = hiddenGrant(binding, { granted, terms }, until, this.observed);
    const times = timesOf(lease, hidden?.to);
    if (hidden === null || times === null) return times;
    const expires = Math.min(until, toSeconds(granted) + terms.leaseTime);
    const renewable = hiddenGrant(binding, { granted, terms }, expires, this.observed) !== null;
    if (!renewable) return times;
    const from = toSeconds(this.observed.watchedBefore(binding.client, instantAt(hidden.from)));
    return { ...times, unseen: { from, to: hidden.to } };
  }

  /**
   * It should have renewed by `until` even if no time passed where stamps jump over all of the time in which it was to:
   * a clock that was set forward, or a host that stood still, looks the same as a client that kept silent.
   */
  #wasWatched({ t1, missed }: Times, until: Instant): boolean {
    const jump = this.observed.silenceAround(toSeconds(t1), toSeconds(missed));
    return toSeconds(until) > toSeconds(t1) + jump;
  }

  #miss(lease: Lease, times: Times, alive: Aliveness, at: Instant): void {
    const cycle = this.ledger.renewal(lease, "REBINDING", times.due);
    cycle.alive = alive;
    cycle.unseen = times.unseen;
    const late = secondsBetween(times.expires, at);
    const expired = late >= -times.tolerance;
    if (alive === "gone" || alive === "not-observable") {
      this.ledger.drop(cycle, "LEFT", expired ? times.expires : at);
    } else if (expired) {
      this.ledger.lose(cycle, "expired", late > 0 ? times.expires : at);
    } else {
      lease.state = "REBINDING";
      lease.binding.cycle = cycle;
      this.ledger.changed(cycle);
    }
  }

  /** Before it came back: what it sends while it boots is no sign that it was there. */
  #aliveBefore(lease: Lease, missed: Instant, next: Message): Aliveness {
    const { mac } = lease.binding.client;
    const used = mac === null ? -Infinity : this.presence.lastUse(mac, lease.address);
    if (mac !== null && used > toSeconds(missed) && this.presence.showsUnicast(mac)) {
      return "seen";
    }
    const observable = mac !== null && this.presence.isObservable(mac, next.time);
    return observable || next.kind !== "DISCOVER" ? "gone" : "returned";
  }

  #aliveAfter(lease: Lease, due: number): Aliveness {
    const { mac } = lease.binding.client;
    if (mac === null) {
      return "not-observable";
    }
    // Behind another port than when it got the lease: migrated, and renewed where this capture does not see it.
    if (lease.granted !== null && this.presence.movedAt(mac) > toSeconds(lease.granted)) return "gone";
    const there = this.presence.lastSeen(mac) > due && !this.presence.usesOther(mac, lease.address, due);
    if (there && this.presence.showsUnicast(mac)) {
      return "seen";
    }
    return this.presence.isObservable(mac, due) ? "gone" : "not-observable";
  }
}

/** What a difference of seconds since 1970 is good to. */
const MICROSECOND = 1e-6;

/** A lease whose renewal its client has missed. */
export interface Missed {
  readonly times: Times;
  readonly alive: Aliveness;
}

export interface Times extends Deadlines {
  /** T1 of the grant that was seen; the other times are those of the last that there can have been. */
  readonly due: Instant;
  /** See RenewalCycle. */
  readonly unseen: Stretch | null;
  /** When its client has missed to renew it. */
  readonly missed: Instant;
  readonly tolerance: number;
}

/**
 * null for a lease whose end is not known, or that has none, or that nobody renews: a boot loader's, one of 0 s.
 *
 * @param since a grant that was not seen may have been as late, in seconds since 1970
 */
export function timesOf({ granted, terms, untimed, binding }: Lease, since = -Infinity): Times | null {
  if (granted === null || terms === null || untimed || terms.leaseTime === 0) return null;
  if (binding.software?.renews === false) return null;
  const later = Math.max(0, since - toSeconds(granted));
  const from = addSeconds(granted, Math.round(later / MICROSECOND) * MICROSECOND);
  const times = deadlines(from, terms);
  if (times === null) return null;
  const missed = addSeconds(from, renewalMissed(binding, terms));
  const due = addSeconds(granted, terms.t1);
  return { ...times, due, unseen: null, missed, tolerance: expiryTolerance(terms.leaseTime) };
}
