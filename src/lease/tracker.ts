import type { Instant } from "../capture/instant.js";
import { bindingOf, Clients, cycleOf } from "./clients.js";
import type { AcquisitionCycle, Attempt, Binding, RenewalCycle, Client, Cycle, RequestState } from "./cycle.js";
import { learn, rememberXid } from "./habits.js";
import { impliedKind, impliedReplyKind } from "./implied-kind.js";
import { Ledger } from "./ledger.js";
import { loseRenewal, Unrenewed, wasRenewedUnseen } from "./losing.js";
import type { Kind, Message } from "./message.js";
import { setAside } from "./outcomes/decide.js";
import { attemptFor, isForeign, newReply, pairInOrder } from "./pairing.js";
import type { Presence } from "./presence.js";
import { presume, type Presumption } from "./presumption.js";
import { requestState } from "./request-state.js";
import { Resolution } from "./resolution.js";
import { Servers } from "./servers.js";
import type { TrackerSink } from "./tracker-sink.js";
import { Unreachables, type UnreachableEvent } from "./unreachables.js";

/** Attempts kept of one cycle: the first and the latest; the ones between are counted. */
const MOST_ATTEMPTS = 512;
/** Replies kept of one attempt; no healthy network gives more. */
const MOST_REPLIES = 256;
/** A reply with another xid this soon after an unanswered request, in seconds, was meant for it. */
const FOREIGN_REPLY = 5;
const CLIENT_PORT = 68;
/** Relays remembered of one client. */
const MOST_RELAYS = 16;
/** What a server says to a client's question; a BOOTREPLY is an answer that lost its message type. */
const ANSWERS: ReadonlySet<Kind> = new Set(["OFFER", "ACK", "NAK", "BOOTREPLY"]);

/**
 * Follows every client through RFC 2131's states: which message belongs to which attempt to get or renew a lease, and
 * what became of each reply. Reads no clock; moves by messages, and at the end by what silence proves.
 */
export class Tracker {
  readonly clients = new Clients();
  readonly servers = new Servers();
  readonly #unreachables = new Unreachables();
  /** Who asked last for each address. */
  readonly #byAddress = new Map<number, Binding>();
  readonly #ledger: Ledger;
  readonly #resolution: Resolution;
  readonly #unrenewed: Unrenewed;

  constructor(
    presence: Presence,
    private readonly sink: TrackerSink,
  ) {
    this.#ledger = new Ledger(sink);
    this.#resolution = new Resolution(this.#ledger, presence);
    this.#unrenewed = new Unrenewed(this.#ledger, presence);
  }

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
        if (binding.cycle !== null) {
          this.#resolution.bySilence(binding, binding.cycle, until);
        }
        if (binding.cycle === null && binding.lease !== null) {
          this.#unrenewed.settle(binding.lease, until);
        }
      }
    }
  }

  /** What silence until `until` would decide of a client if the story ended there. Changes nothing. */
  presume(binding: Binding, until: Instant): Presumption {
    return presume(binding, until, this.#resolution, this.#unrenewed);
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
    const binding = bindingOf(client, message);
    learn(binding, message);
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
        this.#resolution.byNext(binding, message);
        break;
      default:
        break;
    }
  }

  #discover(binding: Binding, message: Message): void {
    this.#resolution.byNext(binding, message);
    const { cycle } = binding;
    if (cycle?.kind === "acquisition") {
      this.#attempt(cycle, message, null);
      return;
    }
    if (cycle !== null) {
      loseRenewal(this.#ledger, cycle, message.instant);
    } else {
      this.#unrenewed.restart(binding, message);
    }
    this.#attempt(this.#acquire(binding, message, "INIT"), message, null);
  }

  #request(binding: Binding, message: Message): void {
    const state = requestState(message, binding.cycle);
    this.#resolution.byNext(binding, message);
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
        this.#ledger.drop(cycle, "SUPERSEDED", message.instant);
      } else {
        loseRenewal(this.#ledger, cycle, message.instant);
      }
      cycle = null;
    } else if (cycle === null) {
      this.#unrenewed.restart(binding, message);
    }
    const acquisition = cycle ?? this.#acquire(binding, message, state === "SELECTING" ? "INIT" : "INIT-REBOOT");
    if (state === "SELECTING" && !acquisition.attempts.some(({ replies }) => replies.length > 0)) {
      // It chose among OFFERs that were never seen here.
      acquisition.blind = acquisition.attempts.some((attempt) => attempt.message.kind === "DISCOVER");
      binding.blind ||= acquisition.blind;
    }
    acquisition.address = message.requested ?? acquisition.address;
    this.#attempt(acquisition, message, state);
  }

  #requestRenewal(binding: Binding, message: Message, state: "RENEWING" | "REBINDING"): void {
    const open = binding.cycle;
    if (open?.kind === "acquisition") {
      // It renews, so it was bound, though no ACK was seen.
      const chose = open.attempts.some((attempt) => attempt.state === "SELECTING");
      open.blind = chose && open.attempts.every(({ replies }) => replies.length === 0);
      binding.blind ||= open.blind;
      // RFC 2131 §3.2: a client that gets no answer in INIT-REBOOT may keep its address until the lease ends.
      open.outcome = chose ? "bound" : "failed";
      this.#ledger.close(open, message.instant);
    } else if (open !== null && open.lease.address !== message.dhcp.ciaddr) {
      this.#ledger.drop(open, "SUPERSEDED", message.instant);
    }
    if (binding.cycle?.kind === "renewal" && wasRenewedUnseen(binding.cycle, message)) {
      this.#renewedUnseen(binding.cycle, message);
    }
    let cycle = binding.cycle;
    if (cycle?.kind !== "renewal") {
      cycle = this.#ledger.renew(binding, this.#ledger.leaseOf(binding, message), message, state);
    }
    const last = cycle.attempts.at(-1);
    // udhcpc counts in rebinding alone, and 0 in its next renewal by unicast says nothing.
    binding.countsSecs ||= last !== undefined && !message.broadcast && message.secs > last.message.secs + 1;
    if (last !== undefined && last.message.xid !== message.xid && last.replies.length === 0) {
      binding.changesXid = true;
    }
    binding.renewsByUnicast ||= state === "RENEWING";
    cycle.phase = state;
    cycle.lease.state = state;
    this.#attempt(cycle, message, state);
  }

  #acquire(binding: Binding, message: Message, from: "INIT" | "INIT-REBOOT"): AcquisitionCycle {
    this.#supersedeOthers(binding, message);
    return this.#ledger.acquire(binding, message, from);
  }

  /** Another client software took over this hardware: a boot loader's lease is not missed. */
  #supersedeOthers(binding: Binding, message: Message): void {
    for (const other of binding.client.bindings) {
      if (other === binding || other.vlan !== binding.vlan) {
        continue;
      }
      if (other.cycle !== null) {
        this.#resolution.bySilence(other, other.cycle, message.instant);
      }
      if (other.cycle?.kind === "renewal") {
        this.#ledger.drop(other.cycle, "SUPERSEDED", message.instant);
      } else if (other.cycle !== null) {
        other.cycle.outcome = "failed";
        this.#ledger.close(other.cycle, message.instant);
      }
      if (other.lease !== null) {
        this.#ledger.end(other.lease, "SUPERSEDED", null);
      }
    }
  }

  /** It renews by unicast long after its lease would have ended: its replies go past this point. */
  #renewedUnseen(cycle: RenewalCycle, message: Message): void {
    cycle.blind = true;
    cycle.binding.blind = true;
    cycle.outcome = "renewed";
    cycle.lease.granted = null;
    cycle.lease.terms = null;
    this.#ledger.close(cycle, message.instant);
  }

  /** RELEASE and DECLINE end a lease by the client's own will. */
  #leave(binding: Binding, message: Message, state: "RELEASED" | "DECLINED"): void {
    this.#resolution.byNext(binding, message);
    const { cycle } = binding;
    if (cycle !== null) {
      cycle.outcome = cycle.kind === "renewal" ? "left" : cycle.outcome;
      this.#ledger.close(cycle, message.instant);
    }
    if (binding.lease !== null) {
      this.#ledger.end(binding.lease, state, null);
    }
  }

  #attempt(cycle: Cycle, message: Message, state: RequestState | null): void {
    if (cycle.attempts.length >= MOST_ATTEMPTS) {
      cycle.attempts.splice(MOST_ATTEMPTS / 2, 1);
      cycle.dropped += 1;
    }
    cycle.blind ||= cycle.binding.blind;
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
    if (!ANSWERS.has(message.kind)) {
      return;
    }
    const server = this.servers.reply(message);
    const direct = message.sightings.some(({ frame }) => frame.udp?.dst === CLIENT_PORT);
    if (direct && client !== null) {
      client.hasDirectReplies = true;
      if (client.relays.length < MOST_RELAYS && !client.relays.includes(message.dhcp.giaddr)) {
        client.relays.push(message.dhcp.giaddr);
      }
    }
    const cycle = client === null ? null : cycleOf(client, message.xid, message.vlan);
    const attempt = cycle === null ? null : attemptFor(cycle, message, server);
    if (cycle === null || attempt === null) {
      this.#foreignReply(client, message);
      return;
    }
    if (!direct && client?.relays.includes(message.dhcp.giaddr) === true) {
      // What a server tells a relay, where the relay's word to the client is to be seen as well.
      return;
    }
    message.outcome = "unknown";
    if (attempt.replies.length >= MOST_REPLIES) {
      return;
    }
    const reply = newReply(message, attempt);
    attempt.replies.push(reply);
    cycle.waiting.push(reply);
    cycle.blind = false;
    cycle.binding.blind = false;
    this.#unreachables.expect(message, attempt, "reply");
    if (server !== null) {
      server.answersPartial ||= attempt.message.sightings.at(-1)?.checksum.verdict === "partial";
    }
    if (isForeign(reply.fault)) {
      setAside(reply, "malformed", "not-for-it");
    } else if (cycle.binding.cycle === cycle) {
      if (message.kind === "OFFER" && cycle.attempts.at(-1)?.state === "SELECTING") {
        setAside(reply, "not-chosen", "named-other");
      }
    } else {
      const satisfied = cycle.accepted?.attempt.message.xid === message.xid;
      setAside(reply, satisfied ? "duplicate" : "late", satisfied ? "satisfied" : "transaction-over");
      this.#ledger.changed(cycle);
    }
    pairInOrder(cycle, reply, server);
    if (reply.reason !== "late") {
      cycle.binding.answered[reply.attempt.message.broadcast ? "broadcast" : "unicast"] = true;
    }
    if (server !== null) {
      this.servers.latency(server, reply.latency);
    }
  }

  /** A reply whose transaction nobody has begun: perhaps it was meant for a request that waits. */
  #foreignReply(client: Client | null, message: Message): void {
    if (client?.bindings.some(({ xids }) => xids.length > 0) === true) {
      // The client is in another transaction, or has left this one long ago.
      message.outcome = "ignored";
    }
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
}
