import type { Verdict } from "../checksum/checksum.js";
import type { Instant } from "../capture/instant.js";
import type { FrameRef, Message, Outcome } from "./message.js";
import type { Software } from "./software.js";
import type { Terms } from "./timers.js";
import type { Visibility } from "./visibility.js";
import type { Stretch } from "./watched-points.js";

/** Client states of RFC 2131 figure 5 that a REQUEST can be sent in (§4.3.2, table 4). */
export type RequestState = "SELECTING" | "INIT-REBOOT" | "RENEWING" | "REBINDING";

export type ReplyReason = "duplicate" | "not-chosen" | "late" | "checksum" | "malformed";

/** How an outcome was proved; each is a rule in `outcomes/`, and the wording of evidence starts from it. */
export type Proof =
  | "named-by-request" // a REQUEST names the server and address of this OFFER
  | "named-other" // … of another OFFER
  | "address-used" // the client uses the address: ciaddr, RELEASE, DECLINE, ARP or other traffic
  | "asked-again" // the same message again
  | "still-counting" // secs goes on from the same start
  | "counts-anew" // secs began again at 0
  | "went-broadcast" // a rebind before the T2 that the reply would have given
  | "too-early" // a renewal before the T1 that the reply would have given
  | "on-schedule" // a renewal at the T1 that the reply gave
  | "repeated-retry" // early new transactions again and again are no forced renewals
  | "gave-up" // DISCOVER at the old expiry, or after several attempts
  | "looped" // DISCOVER after each ACK, three times
  | "went-silent" // content: it did not ask again although it was alive
  | "restarted" // INIT after a NAK
  | "kept-address" // used its address in spite of a NAK
  | "transaction-over" // the client had left this transaction
  | "satisfied" // a reply to this request had been accepted already
  | "not-for-it" // other xid, chaddr or server: the client must ignore it
  | "nothing"; // no proof; the outcome is unknown

export interface Reply {
  readonly message: Message;
  /** The request that it answers; told anew as further replies come. */
  attempt: Attempt;
  /** Seconds from the attempt to this reply. */
  latency: number;
  outcome: Outcome;
  reason: ReplyReason | null;
  proof: Proof;
  /** Which run of ignored replies it belongs to, once it was ignored in time. */
  episode: Episode | null;
  /** Why the client must ignore it, whatever its checksum; null: nothing wrong. */
  readonly fault: ReplyFault | null;
}

export type ReplyFault =
  "other-xid" | "other-chaddr" | "other-server" | "no-message-type" | "no-server-id" | "no-lease-time" | "no-address";

/** An ICMP port unreachable that quotes a message of an attempt. */
export interface Unreachable {
  readonly message: Message;
  readonly quotes: "request" | "reply";
  readonly instant: Instant;
  readonly input: string;
  readonly frameNumber: number;
}

/** ARP requests that nobody answered: before a unicast can be sent, its receiver must be found (RFC 826). */
export interface Unresolved {
  /** The client's, for the address of its server. */
  readonly server: FrameRef[];
  /** The server's, for the address of the client. */
  readonly client: FrameRef[];
}

/** One message of the client that asks for something, and what came back. */
export interface Attempt {
  readonly message: Message;
  /** null for a DISCOVER. */
  readonly state: RequestState | null;
  readonly replies: Reply[];
  readonly unreachable: Unreachable[];
}

/** Ignored replies by the checksum that the receiver met; cut frames that look partial are told apart. */
export type IgnoredCounts = Record<Verdict | "looks-partial", number>;

/** A run of replies that a client ignored, between two that it accepted: the contrast decides what was wrong. */
export interface Episode {
  /** What the checksum of the accepted reply before was; null: none in view. */
  readonly before: keyof IgnoredCounts | null;
  /** Partial replies that the client had taken before it. */
  readonly partialBefore: number;
  /** On how many occasions one was ignored, by what its checksum was; replies in one breath are one occasion. */
  readonly ignored: IgnoredCounts;
  /** The last of these; null: none yet. */
  last: { readonly sum: keyof IgnoredCounts; readonly time: number } | null;
  /** The accepted reply after; null: none yet. */
  after: Reply | null;
}

export type LeaseState =
  | "BOUND"
  | "RENEWING"
  | "REBINDING"
  | "EXPIRED"
  | "ABANDONED"
  | "REFUSED"
  | "RELEASED"
  | "DECLINED"
  | "SUPERSEDED"
  | "LEFT";

/** What was granted, and when the REQUEST for it was sent. */
export interface Grant {
  readonly granted: Instant;
  readonly terms: Terms;
}

/** One binding of an address to a client, from the first grant in view until it ends; renewals extend it. */
export interface Lease {
  readonly id: string;
  readonly binding: Binding;
  readonly address: number;
  /** Server identifier, or the address that the ACK came from; null: not seen. */
  server: number | null;
  /** When the REQUEST that was granted last was sent; null: before the capture. */
  granted: Instant | null;
  terms: Terms | null;
  /** How long ago it was granted is not known: the clock was set since. */
  untimed: boolean;
  /** The frame of the ACK that granted it last; null: before the capture. */
  basis: FrameRef | null;
  /** It is proved that the client took that ACK, or the last reply before it, with the same kind of checksum. */
  vouched: boolean;
  state: LeaseState;
  /** When the address was lost; null: it was not. */
  lostAt: Instant | null;
  /** Seconds without an address after the loss; null: none, or not over. */
  outage: number | null;
}

interface CycleBase {
  readonly id: string;
  readonly binding: Binding;
  readonly started: Instant;
  ended: Instant | null;
  readonly attempts: Attempt[];
  /** Replies that nothing has been proved of yet. */
  waiting: Reply[];
  /** The client turned down some reply since it last took one. */
  turnedDown: boolean;
  /** Attempts beyond the limit, counted and not kept. */
  dropped: number;
  /** The reply that ended it well, or the NAK that ended it. */
  accepted: Reply | null;
  /** The client clearly got replies that this capture point does not show. */
  blind: boolean;
}

export interface RenewalCycle extends CycleBase {
  readonly kind: "renewal";
  readonly lease: Lease;
  /** The grant that this cycle was to renew: its timers are the ones that count; null: not in view, or not known. */
  grantedBefore: Grant | null;
  outcome: "renewed" | "refused" | "expired" | "abandoned" | "left" | "pending";
  phase: "RENEWING" | "REBINDING";
  /** The frame that granted the lease that it was to renew; null: not in view. */
  readonly basis: FrameRef | null;
  /** Who was looked for by ARP since then, and not found. */
  readonly unresolved: Unresolved;
  /** Unicast renewals of this client that had been answered when it began. */
  readonly unicastsAnswered: number;
  /** The client's other frames after T2, where it sent no request at all. */
  alive: Aliveness;
  /** The last time that nobody watched, where the lease may have been renewed before it ran out; else null. */
  unseen: Stretch | null;
}

/** Whether a silent client is known to have been there. */
export type Aliveness = "seen" | "returned" | "gone" | "not-observable";

export interface AcquisitionCycle extends CycleBase {
  readonly kind: "acquisition";
  readonly from: "INIT" | "INIT-REBOOT";
  /** Server of the lease that the client lost right before; null: it lost none, or it is not known. */
  readonly formerServer: number | null;
  outcome: "bound" | "refused" | "failed" | "pending";
  address: number | null;
}

export type Cycle = RenewalCycle | AcquisitionCycle;

/** A client as DHCP sees it: one hardware address with one client identifier on one VLAN. */
export interface Binding {
  readonly client: Client;
  readonly clientId: string | null;
  readonly vlan: string;
  name: string | null;
  software: Software | null;
  /** The lease that it holds, as far as is known. */
  lease: Lease | null;
  /** When another client identifier of the same hardware asked for an address, and this one has not renewed since. */
  supersededAt: Instant | null;
  /** What of ARP belongs to its next renewal. */
  unresolved: Unresolved;
  /** The lease that it lost last, until it is bound again. */
  lost: Lease | null;
  cycle: Cycle | null;
  /** The cycle before, if something in it had no answer: late replies belong to it. */
  previous: Cycle | null;
  episode: Episode;
  /** It has sent secs other than 0, so a 0 from it means a new start. */
  countsSecs: boolean;
  /** It has asked for a renewal by unicast. */
  renewsByUnicast: boolean;
  /**
   * It took a reply that an ICMP port unreachable had refused: its ICMP errors mean nothing. Clients that read their
   * kernel's socket while they renew by unicast read raw packets at any other time.
   */
  readonly takesRefused: { unicast: boolean; broadcast: boolean };
  /** Runs of partial replies that it turned down, between partial ones that it took. */
  scattered: number;
  /** Replies with a partial checksum that it took. */
  partialTaken: number;
  /** Whether its unicast and broadcast requests were ever answered in time. */
  readonly answered: { unicast: boolean; broadcast: boolean };
  /** A request of it with a partial checksum was answered. */
  partialAnswered: boolean;
  /** How many of its unicast requests were answered in time. */
  unicastsAnswered: number;
  /** It took a new xid for another attempt of one renewal that nobody had answered. */
  changesXid: boolean;
  /** When it took the reply that it is bound by; null: not in view. */
  boundAt: Instant | null;
  /** It gets its replies past this capture point: it chose among OFFERs that were not seen here. */
  blind: boolean;
  /** Times from being bound to the next renewal as parts of the lease time: the last two. */
  readonly renewalRatios: number[];
  /** Its latest transactions, oldest first. */
  readonly xids: number[];
  /** ACKs in a row after which the client began anew. */
  loops: number;
  /** How often the clock had been set when it was heard last. */
  steps: number;
}

export interface Client {
  /** Hardware address as text, lower case with colons. */
  readonly address: string;
  /** The same as a 48-bit number; null if it is not six bytes long. */
  readonly mac: number | null;
  /** The same as it stands in its messages: its first min(hlen, 16) bytes. */
  readonly chaddr: Uint8Array;
  readonly bindings: Binding[];
  /** Which of its messages pass here. */
  readonly visibility: Visibility;
  /** Replies to port 68 are seen here; what goes to a relay only is then not the client's. */
  hasDirectReplies: boolean;
  /** giaddr of those replies; 0: some came without a relay. */
  readonly relays: number[];
  /** Inputs in which it was seen. */
  readonly inputs: string[];
  /** Numbers of the capture points at which anything of it was seen, and of those that its unicasts pass. */
  readonly seenAt: { readonly any: number[]; readonly unicast: number[] };
}
