import { addSeconds, secondsBetween, type Instant } from "../capture/instant.js";
import { allResolved, takeLater } from "./arp.js";
import type { AcquisitionCycle, Attempt, Binding, Cycle, Lease, LeaseState, RenewalCycle, Reply } from "./cycle.js";
import { tookAlike } from "./episode.js";
import type { LeaseHistory } from "./lease-history.js";
import { lastSighting, refTo, type Message } from "./message.js";
import { CROSSING } from "./outcomes/decide.js";
import { termsOf } from "./timers.js";
import type { TrackerSink } from "./tracker-sink.js";

/** Seconds for which the client has been asking, by its own word; 0 where its secs counts from somewhere else. */
function secsSinceT1(message: Message, { software }: Binding): number {
  return software?.countsFromStart === true ? 0 : (message.swappedSecs ?? message.secs);
}

/** Opens and closes cycles and leases, and tells of each change. Decides nothing. */
export class Ledger {
  #nextId = { L: 1, A: 1, R: 1 };
  /** Position of the last message before the clock was set. */
  #beforeStep = -1;

  constructor(
    private readonly sink: TrackerSink,
    private readonly history: LeaseHistory | null,
  ) {}

  /** The clock was set after this message: what was granted before has unknown timers. */
  clockStep(after: number): void {
    this.#beforeStep = after;
  }

  /** The client begins to look for an address, or asks for its old one. */
  acquire(binding: Binding, message: Message, from: AcquisitionCycle["from"]): AcquisitionCycle {
    const cycle: AcquisitionCycle = {
      kind: "acquisition",
      id: this.#id("A"),
      binding,
      from,
      formerServer: binding.lost?.server ?? null,
      address: null,
      started: message.instant,
      ended: null,
      attempts: [],
      waiting: [],
      turnedDown: false,
      dropped: 0,
      accepted: null,
      blind: false,
      outcome: "pending",
    };
    binding.cycle = cycle;
    return cycle;
  }

  /** The client asks to keep its address; where the grant is not in view, secs tells when it began to. */
  renew(binding: Binding, lease: Lease, message: Message, phase: RenewalCycle["phase"]): RenewalCycle {
    const began =
      lease.granted === null || lease.untimed
        ? addSeconds(message.instant, -secsSinceT1(message, binding))
        : message.instant;
    const cycle = this.renewal(lease, phase, began);
    binding.cycle = cycle;
    return cycle;
  }

  /** A renewal that is not the client's open cycle, or not yet. */
  renewal(lease: Lease, phase: RenewalCycle["phase"], started: Instant): RenewalCycle {
    const { granted, terms, binding, basis } = lease;
    const { unresolved } = binding;
    binding.unresolved = allResolved();
    return {
      kind: "renewal",
      id: this.#id("R"),
      binding,
      lease,
      grantedBefore: granted === null || terms === null || lease.untimed ? null : { granted, terms },
      phase,
      started,
      ended: null,
      attempts: [],
      waiting: [],
      turnedDown: false,
      dropped: 0,
      accepted: null,
      blind: false,
      outcome: "pending",
      basis,
      unresolved,
      unicastsAnswered: binding.unicastsAnswered,
      alive: "seen",
      unseen: null,
    };
  }

  /** A cycle that goes on at the end of observation, or that a late reply has changed. */
  changed(cycle: Cycle): void {
    this.sink.cycle(cycle);
  }

  close(cycle: Cycle, at: Instant): void {
    const { binding } = cycle;
    cycle.ended = at;
    if (binding.cycle === cycle) {
      binding.cycle = null;
    }
    binding.previous = isAnswered(cycle) ? null : cycle;
    this.sink.cycle(cycle);
  }

  /** A reply was taken: the lease begins, or goes on, from the sending of the request that it granted. */
  grant(cycle: Cycle, reply: Reply): void {
    cycle.accepted = reply;
    if (cycle.kind === "renewal") {
      this.#extend(cycle, reply);
    } else {
      this.#begin(cycle, reply);
    }
  }

  /** A NAK was obeyed. */
  refuse(cycle: Cycle, nak: Reply): void {
    const at = nak.message.instant;
    cycle.accepted = nak;
    cycle.outcome = "refused";
    if (cycle.kind === "renewal") {
      this.end(cycle.lease, "REFUSED", at);
    } else if (cycle.binding.lease !== null) {
      this.end(cycle.binding.lease, "SUPERSEDED", null);
    }
    this.close(cycle, at);
  }

  /** The client let its renewal be, and nothing was lost by it: it restarted, left, or has another lease. */
  drop(cycle: RenewalCycle, state: "SUPERSEDED" | "LEFT", at: Instant): void {
    cycle.outcome = "left";
    this.close(cycle, at);
    this.end(cycle.lease, state, null);
  }

  /** It renews by unicast long after its lease would have ended: its replies go past this point. */
  renewedUnseen(cycle: RenewalCycle, at: Instant): void {
    cycle.blind = true;
    cycle.binding.blind = true;
    cycle.outcome = "renewed";
    cycle.lease.granted = null;
    cycle.lease.terms = null;
    this.close(cycle, at);
  }

  /** The client lost its address. */
  lose(cycle: RenewalCycle, outcome: "expired" | "abandoned", at: Instant): void {
    cycle.outcome = outcome;
    this.close(cycle, at);
    this.end(cycle.lease, outcome === "expired" ? "EXPIRED" : "ABANDONED", at);
  }

  /**
   * @param lostAt when the client lost its address by it; null: it did not
   */
  end(lease: Lease, state: LeaseState, lostAt: Instant | null): void {
    const { binding } = lease;
    lease.state = state;
    lease.lostAt = lostAt;
    if (binding.lease === lease) {
      binding.lease = null;
    }
    if (lostAt !== null) {
      binding.lost = lease;
    }
    this.sink.lease(lease);
  }

  /** The lease that a renewal request is about: the known one, one from a lease file, or one inferred from the request. */
  leaseOf(binding: Binding, request: Message): Lease {
    const known = binding.lease;
    if (known?.address === request.dhcp.ciaddr) {
      return known;
    }
    if (known !== null) {
      this.end(known, "SUPERSEDED", null);
    }
    const lease = this.#lease(binding, request.dhcp.ciaddr, request.broadcast ? null : request.dst);
    lease.state = "RENEWING";
    const grant = this.history?.grantBefore(binding.client.address, lease.address, request.time) ?? null;
    lease.granted = grant?.granted ?? null;
    lease.terms = grant?.terms ?? null;
    this.#recover(binding, request.instant);
    this.sink.lease(lease);
    return lease;
  }

  #extend(cycle: RenewalCycle, reply: Reply): void {
    const { lease, binding, grantedBefore } = cycle;
    const granted = reply.attempt.message.instant;
    if (grantedBefore !== null && cycle.attempts[0] === reply.attempt && grantedBefore.terms.leaseTime < Infinity) {
      const kept = secondsBetween(binding.boundAt ?? grantedBefore.granted, granted);
      binding.renewalRatios.push(kept / grantedBefore.terms.leaseTime);
      binding.renewalRatios.splice(0, binding.renewalRatios.length - 2);
    }
    cycle.outcome = "renewed";
    lease.granted = granted;
    lease.untimed = reply.attempt.message.order <= this.#beforeStep;
    lease.terms = termsOf(reply.message);
    lease.basis = refTo(lastSighting(reply.message));
    lease.vouched = reply.outcome === "accepted" || tookAlike(binding, reply);
    lease.server = reply.message.serverId ?? lease.server ?? reply.message.src;
    lease.state = "BOUND";
    binding.boundAt = reply.message.instant;
    binding.unresolved = takeLater(cycle.unresolved, reply.message.instant);
    const later = cycle.attempts.filter(({ message }) => message.time > reply.message.time + CROSSING);
    cycle.attempts.splice(cycle.attempts.length - later.length, later.length);
    this.close(cycle, reply.message.instant);
    this.sink.lease(lease);
    this.#renewWith(lease, later);
  }

  /** What the client asked after it had been renewed belongs to the renewal after that. */
  #renewWith(lease: Lease, attempts: readonly Attempt[]): void {
    const [first] = attempts;
    const last = attempts.at(-1);
    if (first === undefined || last === undefined) {
      return;
    }
    const phase = last.message.broadcast ? "REBINDING" : "RENEWING";
    const next = this.renewal(lease, phase, first.message.instant);
    next.attempts.push(...attempts);
    lease.state = phase;
    lease.binding.cycle = next;
  }

  #begin(cycle: AcquisitionCycle, reply: Reply): void {
    const { binding } = cycle;
    const { message } = reply;
    if (binding.lease !== null) {
      this.end(binding.lease, "SUPERSEDED", null);
    }
    cycle.outcome = "bound";
    cycle.address = message.dhcp.yiaddr;
    const lease = this.#lease(binding, message.dhcp.yiaddr, message.serverId ?? message.src);
    lease.granted = reply.attempt.message.instant;
    lease.untimed = reply.attempt.message.order <= this.#beforeStep;
    lease.terms = termsOf(message);
    lease.basis = refTo(lastSighting(message));
    lease.vouched = reply.outcome === "accepted" || tookAlike(binding, reply);
    binding.renewalRatios.length = 0;
    binding.boundAt = message.instant;
    binding.unresolved = takeLater(binding.unresolved, message.instant);
    this.#recover(binding, message.instant);
    this.close(cycle, message.instant);
    this.sink.lease(lease);
  }

  #lease(binding: Binding, address: number, server: number | null): Lease {
    const lease: Lease = {
      id: this.#id("L"),
      binding,
      address,
      server,
      granted: null,
      terms: null,
      untimed: false,
      basis: null,
      vouched: true,
      state: "BOUND",
      lostAt: null,
      outage: null,
    };
    binding.lease = lease;
    return lease;
  }

  /** The client has an address again. */
  #recover(binding: Binding, at: Instant): void {
    const { lost } = binding;
    binding.lost = null;
    const since = lost?.lostAt ?? null;
    if (lost !== null && since !== null) {
      lost.outage = Math.max(0, secondsBetween(since, at));
      this.sink.lease(lost);
    }
  }

  #id(prefix: "L" | "A" | "R"): string {
    const id = `${prefix}${String(this.#nextId[prefix])}`;
    this.#nextId[prefix] += 1;
    return id;
  }
}

/** Each of its messages had its answer: what else comes to one is nothing to anybody. */
function isAnswered({ attempts }: Cycle): boolean {
  return attempts.every(({ replies }) => replies.some(({ outcome }) => outcome === "accepted"));
}
