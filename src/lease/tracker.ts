import { addSeconds, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type {
  AcquisitionCycle,
  Aliveness,
  Attempt,
  Binding,
  Client,
  Cycle,
  Lease,
  LeaseState,
  RenewalCycle,
  Reply,
  RequestState,
} from "./cycle.js";
import { bindingOf, Clients, cycleOf } from "./clients.js";
import { impliedKind, impliedReplyKind } from "./implied-kind.js";
import type { Message } from "./message.js";
import { ruleOnAck, ruleOnSilence } from "./outcomes/acquisition.js";
import {
  accept,
  choose,
  CROSSING,
  ignore,
  setAside,
  undecided,
  undecidedBefore,
  type Ruling,
} from "./outcomes/decide.js";
import { decideOffers } from "./outcomes/offers.js";
import { ruleOnRenewalAck, ruleOnRenewalSilence } from "./outcomes/renewal.js";
import { attemptFor, isForeign, newReply } from "./pairing.js";
import type { Presence } from "./presence.js";
import { Servers } from "./servers.js";
import { guessSoftware } from "./software.js";
import { deadlines, expiryTolerance, termsOf } from "./timers.js";
import { Unreachables, type UnreachableEvent } from "./unreachables.js";

/** Attempts kept of one cycle: the first and the latest; the ones between are counted. */
const MOST_ATTEMPTS = 512;
/** A reply with another xid this soon after an unanswered request, in seconds, was meant for it. */
const FOREIGN_REPLY = 5;
/** Renewal requests over this long, in seconds, before a DISCOVER: the lease ran out, whatever its length. */
const LONG_CYCLE = 20;

/** What the tracker tells as things happen. A cycle is told again if a late reply changes it. */
export interface TrackerSink {
  lease(lease: Lease): void;
  cycle(cycle: Cycle): void;
  /** The client refused its new address because somebody uses it. */
  declined(binding: Binding, message: Message): void;
}

/**
 * Follows every client through RFC 2131's states: which message belongs to which attempt to get or renew a lease, and
 * what became of each reply. Reads no clock; moves by messages, and by `settle` for what silence proves.
 */
export class Tracker {
  readonly clients = new Clients();
  readonly servers = new Servers();
  readonly #unreachables = new Unreachables();
  /** Who asked last for each address. */
  readonly #byAddress = new Map<number, Binding>();
  #nextId = { L: 1, A: 1, R: 1 };

  constructor(
    private readonly presence: Presence,
    private readonly sink: TrackerSink,
  ) {}

  message(message: Message): void {
    if (message.fromClient) {
      this.#fromClient(message);
    } else {
      this.#fromServer(message);
    }
  }

  unreachable(event: UnreachableEvent): void {
    this.#unreachables.match(event);
  }

  /** Ends the story: nothing was seen after `until`, though it would have been. */
  finish(until: Instant): void {
    for (const client of this.clients) {
      for (const binding of client.bindings) {
        this.#settle(binding, until);
      }
    }
  }

  // Messages of clients

  #fromClient(message: Message): void {
    if (message.kind === "BOOTREQUEST") {
      return;
    }
    const client = this.clients.findOrAdd(message);
    if (client === null) {
      return;
    }
    if (client.mac !== null) {
      this.presence.add(client.mac);
    }
    const binding = bindingOf(client, message);
    this.#learn(binding, message);
    message.kind = impliedKind(message, binding.cycle);
    switch (message.kind) {
      case "DISCOVER":
        this.#discover(binding, message);
        break;
      case "REQUEST":
        this.#request(binding, message);
        break;
      case "RELEASE":
        this.#leave(binding, message, "RELEASED");
        break;
      case "DECLINE":
        this.#leave(binding, message, "DECLINED");
        this.sink.declined(binding, message);
        break;
      case "INFORM":
        rememberXid(binding, message.xid);
        this.#resolve(binding, message);
        break;
      default:
        break;
    }
  }

  #learn(binding: Binding, message: Message): void {
    binding.name = message.hostname ?? binding.name;
    binding.software ??= guessSoftware(message);
    binding.countsSecs ||= message.dhcp.secs > 1;
  }

  #discover(binding: Binding, message: Message): void {
    this.#resolve(binding, message);
    const { cycle } = binding;
    if (cycle?.kind === "acquisition") {
      this.#attempt(cycle, message, null);
      return;
    }
    if (cycle !== null) {
      this.#loseRenewal(cycle, message.instant);
    } else {
      this.#restart(binding, message);
    }
    this.#attempt(this.#acquire(binding, message, "INIT"), message, null);
  }

  #request(binding: Binding, message: Message): void {
    const state = stateOf(message, binding.cycle);
    this.#resolve(binding, message);
    if (state === "SELECTING" || state === "INIT-REBOOT") {
      this.#requestNew(binding, message, state);
    } else {
      this.#requestRenewal(binding, message, state);
    }
  }

  #requestNew(binding: Binding, message: Message, state: "SELECTING" | "INIT-REBOOT"): void {
    let { cycle } = binding;
    if (cycle?.kind === "renewal") {
      if (state === "INIT-REBOOT") {
        this.#closeRenewal(cycle, "left", message.instant);
        this.#endLease(cycle.lease, "SUPERSEDED", null);
      } else {
        this.#loseRenewal(cycle, message.instant);
      }
      cycle = null;
    } else if (cycle === null) {
      this.#restart(binding, message);
    }
    const acquisition = cycle ?? this.#acquire(binding, message, state === "SELECTING" ? "INIT" : "INIT-REBOOT");
    if (state === "SELECTING" && !acquisition.attempts.some(({ replies }) => replies.length > 0)) {
      // It chose among OFFERs that were never seen here.
      acquisition.blind = acquisition.attempts.some((attempt) => attempt.message.kind === "DISCOVER");
    }
    acquisition.address = message.requested ?? acquisition.address;
    this.#attempt(acquisition, message, state);
  }

  #requestRenewal(binding: Binding, message: Message, state: "RENEWING" | "REBINDING"): void {
    const open = binding.cycle;
    if (open?.kind === "acquisition") {
      // It renews, so it was bound, though no ACK was seen.
      open.blind = open.attempts.every(({ replies }) => replies.length === 0);
      open.outcome = "bound";
      this.#close(open, message.instant);
    } else if (open !== null && open.lease.address !== message.dhcp.ciaddr) {
      this.#closeRenewal(open, "left", message.instant);
      this.#endLease(open.lease, "SUPERSEDED", null);
    }
    let cycle = binding.cycle;
    if (cycle?.kind !== "renewal") {
      cycle = this.#renew(binding, this.#leaseFor(binding, message), message, state);
    }
    const last = cycle.attempts.at(-1);
    if (last !== undefined && last.message.xid !== message.xid && last.replies.length === 0) {
      binding.changesXid = true;
    }
    binding.renewsByUnicast ||= state === "RENEWING";
    cycle.phase = state;
    cycle.lease.state = state;
    this.#attempt(cycle, message, state);
  }

  /** RELEASE and DECLINE end a lease by the client's own will. */
  #leave(binding: Binding, message: Message, state: "RELEASED" | "DECLINED"): void {
    this.#resolve(binding, message);
    const { cycle } = binding;
    if (cycle?.kind === "renewal") {
      this.#closeRenewal(cycle, "left", message.instant);
    } else if (cycle !== null) {
      this.#close(cycle, message.instant);
    }
    if (binding.lease !== null) {
      this.#endLease(binding.lease, state, null);
    }
  }

  #attempt(cycle: Cycle, message: Message, state: RequestState | null): void {
    if (cycle.attempts.length >= MOST_ATTEMPTS) {
      cycle.attempts.splice(MOST_ATTEMPTS / 2, 1);
      cycle.dropped += 1;
    }
    const attempt: Attempt = { message, state, replies: [], unreachable: [] };
    cycle.attempts.push(attempt);
    const address = message.dhcp.ciaddr !== 0 ? message.dhcp.ciaddr : message.requested;
    if (address !== null) {
      this.#byAddress.set(address, cycle.binding);
    }
    rememberXid(cycle.binding, message.xid);
    this.#unreachables.expect(message, attempt, "request");
  }

  // Messages of servers

  #fromServer(message: Message): void {
    const client = this.clients.find(message);
    message.kind = impliedReplyKind(message, client);
    if (message.kind !== "OFFER" && message.kind !== "ACK" && message.kind !== "NAK") {
      return;
    }
    const server = this.servers.reply(message);
    if (message.sightings.some(({ frame }) => frame.udp?.dst === CLIENT_PORT) && client !== null) {
      client.hasDirectReplies = true;
    }
    const cycle = client === null ? null : cycleOf(client, message.xid, message.vlan);
    const attempt = cycle === null ? null : attemptFor(cycle, message, server);
    if (cycle === null || attempt === null) {
      this.#foreignReply(client, message);
      return;
    }
    if (client?.hasDirectReplies === true && message.sightings.every(({ frame }) => frame.udp?.dst !== CLIENT_PORT)) {
      // What a server tells a relay, where the relay's word to the client is to be seen as well.
      return;
    }
    const reply = newReply(message, attempt);
    message.outcome = "unknown";
    attempt.replies.push(reply);
    cycle.blind = false;
    this.#unreachables.expect(message, attempt, "reply");
    if (server !== null) {
      this.servers.latency(server, reply.latency);
      server.answersPartial ||= attempt.message.sightings.at(-1)?.checksum.verdict === "partial";
    }
    if (cycle.binding.cycle === cycle) {
      return;
    }
    if (cycle.accepted !== null) {
      setAside(reply, "duplicate", "satisfied");
    } else {
      setAside(reply, "late", "transaction-over");
    }
    this.sink.cycle(cycle);
  }

  /** A reply whose transaction nobody has begun: perhaps it was meant for a request that waits. */
  #foreignReply(client: Client | null, message: Message): void {
    if (client?.bindings.some(({ xids }) => xids.includes(message.xid)) === true) {
      return;
    }
    const others = [this.#byAddress.get(message.dst), this.#byAddress.get(message.dhcp.yiaddr)];
    const waiting = [...(client?.bindings ?? []), ...others]
      .flatMap((binding) => binding?.cycle?.attempts.at(-1) ?? [])
      .find((attempt) => {
        const age = message.time - attempt.message.time;
        return attempt.replies.length === 0 && age >= 0 && age <= FOREIGN_REPLY;
      });
    if (waiting === undefined) {
      return;
    }
    const reply = newReply(message, waiting);
    if (isForeign(reply.fault)) {
      waiting.replies.push(reply);
      setAside(reply, "malformed", "not-for-it");
    }
  }

  // What the next step of a client, or its silence, proves

  #resolve(binding: Binding, next: Message): void {
    const { cycle } = binding;
    if (cycle === null) {
      return;
    }
    const pending = undecidedBefore(cycle, next.time);
    if (cycle.kind === "acquisition") {
      const offers = next.kind === "REQUEST" ? undecided(cycle) : pending;
      decideOffers(
        cycle,
        offers.filter(({ message }) => message.kind === "OFFER"),
        next,
      );
    }
    const naks = pending.filter(({ message }) => message.kind === "NAK");
    const acks = pending.filter(({ message }) => message.kind === "ACK");
    const chosen = choose(binding, latest(cycle, acks));
    if (chosen !== undefined) {
      const ruling =
        cycle.kind === "renewal"
          ? ruleOnRenewalAck(cycle, chosen, next)
          : ruleOnAck(cycle, chosen, next, this.#usedAddress(binding, chosen));
      this.#apply(cycle, acks, chosen, ruling, next);
    }
    if (binding.cycle === cycle) {
      this.#resolveNaks(cycle, naks, next);
    } else {
      for (const nak of naks) {
        setAside(nak, "duplicate", "satisfied");
      }
    }
  }

  #apply(cycle: Cycle, acks: readonly Reply[], chosen: Reply, ruling: Ruling, next: Message | null): void {
    const { binding } = cycle;
    if (ruling.outcome === "ignored") {
      for (const ack of acks) {
        ignore(binding, ack, ruling.proof);
      }
      return;
    }
    if (ruling.outcome === "accepted") {
      this.#satisfy(cycle, chosen, ruling.proof);
      return;
    }
    const turnedDown = cycle.attempts.some(({ replies }) => replies.some(({ episode }) => episode !== null));
    const asksOn = next !== null && cycle.kind === "renewal" && next.kind === "REQUEST" && next.dhcp.ciaddr !== 0;
    if (!turnedDown && !asksOn) {
      // Nothing speaks against it: taken as granted, though not proved.
      this.#grant(cycle, chosen);
      binding.loops += next?.kind === "DISCOVER" ? 1 : 0;
    }
  }

  #satisfy(cycle: Cycle, reply: Reply, proof: Reply["proof"]): void {
    accept(reply, proof);
    const { binding } = cycle;
    binding.episode.after = reply;
    binding.episode = { before: reply, ignored: [], after: null };
    binding.loops = 0;
    this.#grant(cycle, reply);
  }

  #resolveNaks(cycle: Cycle, naks: readonly Reply[], next: Message): void {
    const [nak] = naks;
    if (nak === undefined) {
      return;
    }
    if (next.kind === "REQUEST" && (next.dhcp.ciaddr !== 0 || next.xid === nak.attempt.message.xid)) {
      for (const reply of naks) {
        ignore(cycle.binding, reply, "kept-address");
      }
      return;
    }
    this.#refuse(cycle, nak);
  }

  #refuse(cycle: Cycle, nak: Reply): void {
    accept(nak, "restarted");
    cycle.accepted = nak;
    this.#setOthersAside(cycle, nak);
    const at = nak.message.instant;
    if (cycle.kind === "renewal") {
      cycle.outcome = "refused";
      this.#endLease(cycle.lease, "REFUSED", at);
    } else {
      cycle.outcome = "refused";
      if (cycle.binding.lease !== null) {
        this.#endLease(cycle.binding.lease, "SUPERSEDED", null);
      }
    }
    this.#close(cycle, at);
  }

  #setOthersAside(cycle: Cycle, taken: Reply): void {
    for (const reply of undecided(cycle)) {
      if (reply !== taken && reply.message.kind !== "OFFER" && reply.message.time >= taken.attempt.message.time) {
        setAside(reply, "duplicate", "satisfied");
      }
    }
  }

  /** Whether the client used the address that an ACK gave it, after that ACK. */
  #usedAddress(binding: Binding, ack: Reply): boolean {
    const { mac } = binding.client;
    const fresh = binding.cycle?.kind === "acquisition" && binding.cycle.from === "INIT";
    return mac !== null && fresh && this.presence.lastUse(mac, ack.message.dhcp.yiaddr) > ack.message.time;
  }

  #lastSeen(binding: Binding): number {
    const { mac } = binding.client;
    return mac === null ? -Infinity : this.presence.lastSeen(mac);
  }

  // Leases

  /** A reply was taken: the lease begins, or goes on, from the sending of the request that it granted. */
  #grant(cycle: Cycle, reply: Reply): void {
    const { binding } = cycle;
    const granted = reply.attempt.message.instant;
    const terms = termsOf(reply.message);
    cycle.accepted = reply;
    if (reply.outcome === "accepted") {
      this.#setOthersAside(cycle, reply);
    }
    if (cycle.kind === "renewal") {
      const { lease } = cycle;
      const first = cycle.attempts[0];
      if (
        lease.granted !== null &&
        lease.terms !== null &&
        first === reply.attempt &&
        lease.terms.leaseTime < Infinity
      ) {
        binding.renewalRatio = secondsBetween(lease.granted, granted) / lease.terms.leaseTime;
      }
      cycle.outcome = "renewed";
      lease.granted = granted;
      lease.terms = terms ?? lease.terms;
      lease.server = reply.message.serverId ?? lease.server ?? reply.message.src;
      lease.state = "BOUND";
      this.#close(cycle, reply.message.instant);
      this.sink.lease(lease);
      return;
    }
    cycle.outcome = "bound";
    cycle.address = reply.message.dhcp.yiaddr;
    if (binding.lease !== null) {
      this.#endLease(binding.lease, "SUPERSEDED", null);
    }
    const lease: Lease = {
      id: this.#id("L"),
      binding,
      address: reply.message.dhcp.yiaddr,
      server: reply.message.serverId ?? reply.message.src,
      granted,
      terms,
      state: "BOUND",
      lostAt: null,
      outage: null,
    };
    binding.lease = lease;
    binding.renewalRatio = null;
    this.#recover(binding, reply.message.instant);
    this.#close(cycle, reply.message.instant);
    this.sink.lease(lease);
  }

  #recover(binding: Binding, at: Instant): void {
    const { lost } = binding;
    if (lost?.lostAt != null) {
      lost.outage = Math.max(0, secondsBetween(lost.lostAt, at));
      this.sink.lease(lost);
      binding.lost = null;
    }
  }

  #endLease(lease: Lease, state: LeaseState, lostAt: Instant | null): void {
    lease.state = state;
    lease.lostAt = lostAt;
    const { binding } = lease;
    if (binding.lease === lease) {
      binding.lease = null;
    }
    if (lostAt !== null) {
      binding.lost = lease;
    }
    this.sink.lease(lease);
  }

  /** The lease that a renewal request is about: the known one, or one inferred from the request itself. */
  #leaseFor(binding: Binding, request: Message): Lease {
    const known = binding.lease;
    if (known?.address === request.dhcp.ciaddr) {
      return known;
    }
    if (known !== null) {
      this.#endLease(known, "SUPERSEDED", null);
    }
    const lease: Lease = {
      id: this.#id("L"),
      binding,
      address: request.dhcp.ciaddr,
      server: request.broadcast ? null : request.dst,
      granted: null,
      terms: null,
      state: "RENEWING",
      lostAt: null,
      outage: null,
    };
    binding.lease = lease;
    this.#recover(binding, request.instant);
    this.sink.lease(lease);
    return lease;
  }

  // Cycles

  #acquire(binding: Binding, message: Message, from: AcquisitionCycle["from"]): AcquisitionCycle {
    this.#supersedeOthers(binding, message);
    const cycle: AcquisitionCycle = {
      kind: "acquisition",
      id: this.#id("A"),
      binding,
      from,
      address: null,
      started: message.instant,
      ended: null,
      attempts: [],
      dropped: 0,
      accepted: null,
      blind: false,
      outcome: "pending",
    };
    binding.cycle = cycle;
    return cycle;
  }

  #renew(binding: Binding, lease: Lease, message: Message, phase: RenewalCycle["phase"]): RenewalCycle {
    const cycle = this.#newRenewal(
      binding,
      lease,
      phase,
      lease.granted === null ? addSeconds(message.instant, -message.dhcp.secs) : message.instant,
    );
    binding.cycle = cycle;
    return cycle;
  }

  #newRenewal(binding: Binding, lease: Lease, phase: RenewalCycle["phase"], started: Instant): RenewalCycle {
    return {
      kind: "renewal",
      id: this.#id("R"),
      binding,
      lease,
      grantedBefore:
        lease.granted === null || lease.terms === null ? null : { granted: lease.granted, terms: lease.terms },
      phase,
      started,
      ended: null,
      attempts: [],
      dropped: 0,
      accepted: null,
      blind: false,
      outcome: "pending",
      alive: "seen",
    };
  }

  /** Another client software took over this hardware: a boot loader's lease is not missed. */
  #supersedeOthers(binding: Binding, message: Message): void {
    for (const other of binding.client.bindings) {
      if (other === binding || other.vlan !== binding.vlan) {
        continue;
      }
      if (other.cycle !== null) {
        this.#resolve(other, message);
      }
      if (other.cycle?.kind === "renewal") {
        this.#closeRenewal(other.cycle, "left", message.instant);
      } else if (other.cycle !== null) {
        other.cycle.outcome = "failed";
        this.#close(other.cycle, message.instant);
      }
      if (other.lease !== null) {
        this.#endLease(other.lease, "SUPERSEDED", null);
      }
    }
  }

  #close(cycle: Cycle, at: Instant): void {
    const { binding } = cycle;
    cycle.ended = at;
    if (binding.cycle === cycle) {
      binding.cycle = null;
    }
    binding.previous = cycle;
    this.sink.cycle(cycle);
  }

  #closeRenewal(cycle: RenewalCycle, outcome: RenewalCycle["outcome"], at: Instant): void {
    cycle.outcome = outcome;
    this.#close(cycle, at);
  }

  /** The client is back in INIT though its renewal had not succeeded. */
  #loseRenewal(cycle: RenewalCycle, at: Instant): void {
    const { lease } = cycle;
    const asked = cycle.attempts.length + cycle.dropped;
    if (lease.granted !== null && lease.terms !== null && lease.terms.leaseTime < Infinity) {
      const expires = addSeconds(lease.granted, lease.terms.leaseTime);
      const tolerance = expiryTolerance(lease.terms.leaseTime);
      const late = secondsBetween(expires, at);
      if (late >= -tolerance) {
        this.#lose(cycle, "expired", late > tolerance ? expires : at);
      } else if (asked >= 2) {
        this.#lose(cycle, "abandoned", at);
      } else {
        this.#closeRenewal(cycle, "left", at);
        this.#endLease(lease, "SUPERSEDED", null);
      }
      return;
    }
    const rebound = cycle.attempts.some(({ message }) => message.broadcast);
    if (asked >= 2 || rebound || secondsBetween(cycle.started, at) > LONG_CYCLE) {
      this.#lose(cycle, "expired", at);
    } else {
      this.#closeRenewal(cycle, "left", at);
      this.#endLease(lease, "SUPERSEDED", null);
    }
  }

  #lose(cycle: RenewalCycle, outcome: "expired" | "abandoned", at: Instant): void {
    this.#closeRenewal(cycle, outcome, at);
    this.#endLease(cycle.lease, outcome === "expired" ? "EXPIRED" : "ABANDONED", at);
  }

  /** The client begins anew with no renewal under way: a restart, unless its lease ran out without a word. */
  #restart(binding: Binding, message: Message): void {
    const { lease } = binding;
    if (lease === null) {
      return;
    }
    const times = lease.granted === null || lease.terms === null ? null : deadlines(lease.granted, lease.terms);
    if (
      times === null ||
      lease.terms === null ||
      secondsBetween(times.expires, message.instant) < -expiryTolerance(lease.terms.leaseTime)
    ) {
      this.#endLease(lease, "SUPERSEDED", null);
      return;
    }
    const late = secondsBetween(times.expires, message.instant);
    const acted = message.kind === "DISCOVER" && late <= expiryTolerance(lease.terms.leaseTime);
    this.#unrenewed(
      binding,
      lease,
      acted ? "seen" : this.#aliveBefore(binding, lease, times.t2, message.kind === "DISCOVER"),
      message.instant,
    );
  }

  #aliveBefore(binding: Binding, lease: Lease, t2: Instant, discovers: boolean): Aliveness {
    const { mac } = binding.client;
    if (mac !== null && this.presence.lastUse(mac, lease.address) > toSeconds(t2)) {
      return "seen";
    }
    const observable = mac !== null && this.presence.isObservable(mac);
    return observable || !discovers ? "gone" : "returned";
  }

  /** A lease whose T2 passed without any request. */
  #unrenewed(binding: Binding, lease: Lease, alive: Aliveness, at: Instant): void {
    if (lease.granted === null || lease.terms === null) {
      return;
    }
    const times = deadlines(lease.granted, lease.terms);
    if (times === null) {
      return;
    }
    const cycle = this.#newRenewal(binding, lease, "REBINDING", times.t1);
    cycle.alive = alive;
    const expired = secondsBetween(times.expires, at) >= -expiryTolerance(lease.terms.leaseTime);
    if (alive === "gone" || alive === "not-observable") {
      cycle.outcome = "left";
      this.#close(cycle, expired ? times.expires : at);
      this.#endLease(lease, "LEFT", null);
    } else if (expired) {
      this.#lose(cycle, "expired", secondsBetween(times.expires, at) > 0 ? times.expires : at);
    } else {
      lease.state = "REBINDING";
      binding.cycle = cycle;
      this.sink.cycle(cycle);
    }
  }

  // The end of observation

  #settle(binding: Binding, until: Instant): void {
    const now = toSeconds(until);
    const { cycle } = binding;
    if (cycle !== null) {
      this.#settleCycle(binding, cycle, until, now);
    }
    if (binding.cycle === null && binding.lease !== null) {
      this.#settleLease(binding, binding.lease, until, now);
    }
  }

  #settleCycle(binding: Binding, cycle: Cycle, until: Instant, now: number): void {
    const acks = undecided(cycle).filter(({ message }) => message.kind === "ACK");
    const chosen = choose(binding, latest(cycle, acks));
    if (chosen !== undefined) {
      const ruling =
        cycle.kind === "renewal"
          ? ruleOnRenewalSilence(cycle, chosen, now, this.#lastSeen(binding))
          : ruleOnSilence(chosen, now, this.#usedAddress(binding, chosen));
      this.#apply(cycle, acks, chosen, ruling, null);
    }
    const nak = undecided(cycle).find(({ message }) => message.kind === "NAK");
    if (binding.cycle === cycle && nak !== undefined && chosen === undefined) {
      this.#grantRefusal(cycle, nak);
    }
    if (binding.cycle === cycle) {
      this.#endOpen(cycle, until);
    }
  }

  /** A NAK at the very end: clients obey it, though this one was not seen to. */
  #grantRefusal(cycle: Cycle, nak: Reply): void {
    this.#refuse(cycle, nak);
    nak.outcome = "unknown";
    nak.message.outcome = "unknown";
    nak.proof = "nothing";
  }

  #endOpen(cycle: Cycle, until: Instant): void {
    if (cycle.kind === "renewal" && cycle.attempts.length > 0) {
      const { lease } = cycle;
      const waiting = undecided(cycle).length > 0;
      if (!waiting && lease.granted !== null && lease.terms !== null) {
        const expires = addSeconds(lease.granted, lease.terms.leaseTime);
        if (
          lease.terms.leaseTime < Infinity &&
          secondsBetween(expires, until) > expiryTolerance(lease.terms.leaseTime)
        ) {
          const { mac } = cycle.binding.client;
          const last = cycle.attempts.at(-1)?.message.time ?? 0;
          const gone = mac !== null && this.presence.isObservable(mac) && this.presence.lastSeen(mac) < last;
          if (gone) {
            this.#closeRenewal(cycle, "left", expires);
            this.#endLease(lease, "LEFT", null);
          } else {
            this.#lose(cycle, "expired", expires);
          }
          return;
        }
      }
    }
    this.sink.cycle(cycle);
  }

  #settleLease(binding: Binding, lease: Lease, until: Instant, now: number): void {
    const times = lease.granted === null || lease.terms === null ? null : deadlines(lease.granted, lease.terms);
    if (times === null || lease.terms === null || lease.state !== "BOUND") {
      return;
    }
    const due = toSeconds(times.t2) + expiryTolerance(lease.terms.leaseTime);
    if (now <= due) {
      return;
    }
    const { mac } = binding.client;
    const seen = mac !== null && this.presence.lastSeen(mac) > due && !this.presence.usesOther(mac, lease.address, due);
    const observable = mac !== null && this.presence.isObservable(mac);
    this.#unrenewed(binding, lease, seen ? "seen" : observable ? "gone" : "not-observable", until);
  }

  #id(prefix: "L" | "A" | "R"): string {
    const id = `${prefix}${String(this.#nextId[prefix])}`;
    this.#nextId[prefix] += 1;
    return id;
  }
}

const CLIENT_PORT = 68;

/** The replies since the last attempt, or those that it may have crossed; all, if there are none. */
function latest(cycle: Cycle, replies: readonly Reply[]): readonly Reply[] {
  const last = cycle.attempts.at(-1)?.message.time ?? -Infinity;
  const recent = replies.filter(({ message }) => message.time >= last - CROSSING);
  return recent.length > 0 ? recent : replies;
}

function rememberXid(binding: Binding, xid: number): void {
  if (!binding.xids.includes(xid)) {
    binding.xids.push(xid);
    binding.xids.splice(0, binding.xids.length - RECENT_XIDS);
  }
}

/** Transactions whose late replies are still known for what they are. */
const RECENT_XIDS = 16;

/** RFC 2131 §4.3.2, table 4, with the deviations that are seen: ciaddr beside a server identifier. */
function stateOf(message: Message, open: Cycle | null): RequestState {
  if (message.dhcp.ciaddr !== 0 && !(message.requested !== null && message.serverId !== null)) {
    return message.broadcast ? "REBINDING" : "RENEWING";
  }
  if (message.serverId !== null || message.dhcp.cut) {
    return "SELECTING";
  }
  return open?.kind === "acquisition" && open.from === "INIT" && open.attempts.at(-1)?.message.xid === message.xid
    ? "SELECTING"
    : "INIT-REBOOT";
}
