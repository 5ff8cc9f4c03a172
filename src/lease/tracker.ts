import { toSeconds, type Instant } from "../capture/instant.js";
import { noteArp, type ArpEvent } from "./arp.js";
import { bindingOf, Clients, cycleOf, noteInputs, notePoints } from "./clients.js";
import type { AcquisitionCycle, Attempt, Binding, Cycle, RequestState } from "./cycle.js";
import { learn, learnFromRenewal, learnFromReply, rememberXid } from "./habits.js";
import { endUnseen, forgetTimes, hasJumped, mayBeRenewed } from "./forgotten-times.js";
import { impliedKind, impliedReplyKind } from "./implied-kind.js";
import { mayHaveMissed, wasHidden } from "./hidden-time.js";
import type { LeaseHistory } from "./lease-history.js";
import { Ledger } from "./ledger.js";
import { boundUnseen, loseRenewal, supersede, Unrenewed, wasRenewedUnseen } from "./losing.js";
import { letGo } from "./let-go.js";
import type { Kind, Message } from "./message.js";
import { setAside } from "./outcomes/decide.js";
import { attemptFor, isForeign, newReply, pairInOrder } from "./pairing.js";
import type { Observed } from "./observed.js";
import type { Presence } from "./presence.js";
import { presume, type Presumption } from "./presumption.js";
import { requestState } from "./request-state.js";
import { actsOnExpiry, Resolution } from "./resolution.js";
import { Servers } from "./servers.js";
import { Strays } from "./strays.js";
import type { TrackerSink } from "./tracker-sink.js";
import { Unreachables, type UnreachableEvent } from "./unreachables.js";

/** Attempts kept of one cycle: the first and the latest; the ones between are counted. */
const MOST_ATTEMPTS = 512;
/** Replies kept of one attempt; no healthy network gives more. */
const MOST_REPLIES = 256;
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
  readonly servers = new Servers();
  readonly clients: Clients;
  readonly #unreachables = new Unreachables();
  readonly #strays = new Strays();
  readonly #ledger: Ledger;
  readonly #resolution: Resolution;
  readonly #unrenewed: Unrenewed;
  #steps = 0;
  #latest = -1;

  constructor(
    presence: Presence,
    private readonly observed: Observed,
    private readonly sink: TrackerSink,
    history: LeaseHistory | null = null,
  ) {
    this.clients = new Clients(sink);
    this.#ledger = new Ledger(sink, history);
    this.#resolution = new Resolution(this.#ledger, presence, observed);
    this.#unrenewed = new Unrenewed(this.#ledger, presence, observed);
  }

  message(message: Message): void {
    this.#latest = message.order;
    if (message.fromClient) this.#fromClient(message);
    else this.#fromServer(message);
    letGo(message, this.clients.find(message)?.chaddr ?? message.dhcp.chaddr.slice());
  }

  arp(event: ArpEvent): void {
    noteArp(event, this.clients.withMac(event.senderMac), this.#strays.asker(event.targetIp));
  }

  unreachable(event: UnreachableEvent): void {
    this.#unreachables.match(event);
  }

  /** A clock was set: of what was granted before, the ends are not known any more. */
  clockStep(): void {
    this.#steps += 1;
    this.#ledger.clockStep(this.#latest);
  }

  /**
   * Ends the story: of each client nothing was seen after its end, though it would have been.
   *
   * @param endOf until when somebody who is seen in these inputs was watched; null: not at all
   */
  finish(endOf: (inputs: readonly string[]) => Instant | null): void {
    for (const client of this.clients) {
      const end = endOf(client.inputs);
      if (end === null) continue;
      const until = this.observed.watchedBefore(client, end);
      for (const binding of client.bindings) {
        this.#keepTime(binding);
        this.#endSuperseded(binding);
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
    const end = this.observed.watchedBefore(binding.client, until);
    const timed = binding.steps === this.#steps;
    const hidden = wasHidden(binding.cycle, toSeconds(end), this.observed);
    return presume(binding, end, this.#resolution, this.#unrenewed, timed, hidden);
  }

  // Messages of clients

  #fromClient(message: Message): void {
    if (message.kind === "BOOTREQUEST") return;
    const client = this.clients.findOrAdd(message);
    this.clients.see(client, message);
    noteInputs(client, message);
    const binding = bindingOf(client, message);
    learn(binding, message);
    message.kind = impliedKind(message, binding.cycle);
    this.#keepTime(binding);
    this.#doubtTime(binding, message);
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
    if (!actsOnExpiry(binding.cycle, message)) this.#endSuperseded(binding);
    binding.supersededAt = null;
    this.#resolution.byNext(binding, message);
    const { cycle } = binding;
    if (cycle?.kind === "acquisition") {
      this.#attempt(cycle, message, null);
      return;
    }
    if (cycle !== null) {
      loseRenewal(this.#ledger, cycle, message, wasHidden(cycle, message.time, this.observed));
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
    this.#endSuperseded(binding);
    let { cycle } = binding;
    if (cycle?.kind === "renewal") {
      if (state === "INIT-REBOOT") {
        this.#ledger.drop(cycle, "SUPERSEDED", message.instant);
      } else {
        loseRenewal(this.#ledger, cycle, message, wasHidden(cycle, message.time, this.observed));
      }
      cycle = null;
    } else if (cycle === null) {
      this.#unrenewed.restart(binding, message);
    }
    const acquisition = cycle ?? this.#acquire(binding, message, state === "SELECTING" ? "INIT" : "INIT-REBOOT");
    if (state === "SELECTING" && !acquisition.attempts.some(({ replies }) => replies.length > 0)) {
      // It chose among OFFERs that were never seen here.
      const asked = acquisition.attempts.some((attempt) => attempt.message.kind === "DISCOVER");
      acquisition.blind = asked && !mayHaveMissed(acquisition, message.time, this.observed);
      binding.blind ||= acquisition.blind;
    }
    acquisition.address = message.requested ?? acquisition.address;
    this.#attempt(acquisition, message, state);
  }

  #requestRenewal(binding: Binding, message: Message, state: "RENEWING" | "REBINDING"): void {
    const open = binding.cycle;
    binding.supersededAt = null;
    if (open?.kind === "acquisition") {
      boundUnseen(this.#ledger, open, message.instant, mayHaveMissed(open, message.time, this.observed));
    } else if (open !== null && open.lease.address !== message.dhcp.ciaddr) {
      this.#ledger.drop(open, "SUPERSEDED", message.instant);
    }
    if (binding.cycle?.kind === "renewal" && wasRenewedUnseen(binding.cycle, message)) {
      this.#ledger.renewedUnseen(binding.cycle, message.instant);
    }
    if (binding.cycle === null) this.#doubtTime(binding, message);
    let cycle = binding.cycle;
    if (cycle?.kind !== "renewal") {
      cycle = this.#ledger.renew(binding, this.#ledger.leaseOf(binding, message), message, state);
    }
    learnFromRenewal(binding, cycle.attempts.at(-1) ?? null, message);
    cycle.phase = state;
    cycle.lease.state = state;
    this.#attempt(cycle, message, state);
  }

  #acquire(binding: Binding, message: Message, from: "INIT" | "INIT-REBOOT"): AcquisitionCycle {
    this.#supersedeOthers(binding, message);
    return this.#ledger.acquire(binding, message, from);
  }

  /** A boot loader's lease is not missed; but two clients may run side by side, and one that renews goes on. */
  #supersedeOthers(binding: Binding, message: Message): void {
    for (const other of binding.client.bindings) {
      if (other !== binding && other.vlan === binding.vlan && (other.cycle !== null || other.lease !== null)) {
        this.#keepTime(other);
        if (other.cycle?.kind === "acquisition") this.#resolution.bySilence(other, other.cycle, message.instant);
        other.supersededAt ??= message.instant;
      }
    }
  }

  /** It has not renewed since another took over, and begins anew, or was not heard of again. */
  #endSuperseded(binding: Binding): void {
    const { supersededAt: at } = binding;
    binding.supersededAt = null;
    if (at !== null) supersede(this.#ledger, this.#resolution, binding, at);
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

  /** What a clock that was set since the client was heard last has made uncertain. */
  #keepTime(binding: Binding): void {
    if (binding.steps === this.#steps) return;
    binding.steps = this.#steps;
    forgetTimes(this.#ledger, binding);
  }

  /** Where its message shows that stamps have jumped ahead. */
  #doubtTime(binding: Binding, message: Message): void {
    if (mayBeRenewed(binding, message, this.observed)) {
      endUnseen(this.#ledger, binding.cycle);
      forgetTimes(this.#ledger, binding);
    }
    if (!hasJumped(binding, message, this.observed)) return;
    forgetTimes(this.#ledger, binding);
    this.sink.jumped(binding, message);
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
      this.#strays.asked(address, cycle.binding);
    }
    rememberXid(cycle.binding, message.xid);
    this.#unreachables.expect(message, attempt, "request");
  }

  // Messages of servers

  #fromServer(message: Message): void {
    const client = this.clients.find(message);
    message.kind = impliedReplyKind(message, client);
    if (!ANSWERS.has(message.kind)) return;
    const server = this.servers.reply(message);
    if (client !== null) this.clients.answered(client);
    const direct = message.sightings.some(({ frame }) => frame.udp?.dst === CLIENT_PORT);
    if (direct && client !== null) {
      this.clients.see(client, message);
      notePoints(client, message);
      client.hasDirectReplies = true;
      if (client.relays.length < MOST_RELAYS && !client.relays.includes(message.dhcp.giaddr)) {
        client.relays.push(message.dhcp.giaddr);
      }
    }
    const cycle = client === null ? null : cycleOf(client, message.xid, message.vlan);
    const attempt = cycle === null ? null : attemptFor(cycle, message, server);
    if (cycle === null || attempt === null) {
      this.#strays.reply(client, message);
      return;
    }
    if (!direct && client?.relays.includes(message.dhcp.giaddr) === true) {
      // What a server tells a relay, where the relay's word to the client is to be seen as well.
      return;
    }
    message.outcome = "unknown";
    if (attempt.replies.length >= MOST_REPLIES) return;
    const reply = newReply(message, attempt);
    attempt.replies.push(reply);
    cycle.waiting.push(reply);
    cycle.blind = false;
    cycle.binding.blind = false;
    this.#unreachables.expect(message, attempt, "reply");
    if (attempt.message.sightings.at(-1)?.checksum.verdict === "partial") {
      cycle.binding.partialAnswered = true;
      if (server !== null) server.answersPartial = true;
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
    if (reply.reason !== "late") learnFromReply(cycle.binding, reply.attempt);
    const timed = this.observed.isTimed(cycle.binding.client, reply.attempt.message.time, message.time);
    if (timed) this.servers.latency(server, reply.latency);
  }
}
