/** What the records of `--json` are made of; events.ts says what holds for all of them. */
import type { Pattern, Verdict } from "../checksum/checksum.js";
import type { Cause, Confidence, Severity } from "../findings/cause.js";
import type { ReplyReason } from "../lease/cycle.js";
import type { Outcome } from "../lease/message.js";

export type { Cause, Confidence, Outcome, ReplyReason, Severity };

/**
 * ISO 8601 in UTC. The fraction has as many digits as the capture's own stamps; further digits are cut off, not rounded.
 *
 * @pattern ^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{6}|\d{9})Z$
 */
export type Time = string;

/**
 * 16 bits as they stand on the wire.
 *
 * @pattern ^0x[0-9a-f]{4}$
 */
export type Hex16 = string;

/**
 * Where in an input something was seen. Frames count from 1 in the way Wireshark numbers packets: blocks of a pcapng
 * file that hold no packet are not counted. Text inputs have lines. A message put together from fragments is named by
 * the frame that completed it.
 */
export type Ref = FrameRef | LineRef;

export interface FrameRef {
  input: string;
  /** @asType integer */
  frame: number;
}

export interface LineRef {
  input: string;
  /** @asType integer */
  line: number;
}

export interface Checksum {
  verdict: Verdict;
  stored: Hex16 | null;
  /** What a correct sender would have stored. */
  expected: Hex16 | null;
  /** The kind of error, where the bytes give it away. */
  pattern: Pattern | null;
}

/** One message at one capture point; several of these are one message seen several times, not retransmissions. */
export interface Sighting {
  ref: Ref;
  interface: string | null;
  /** null where the capture format keeps no time. */
  time: Time | null;
  /** Of UDP. */
  checksum: Checksum;
}

export interface Reply {
  message: string;
  ref: Ref;
  sightings: Sighting[];
  /** Seconds since the request that it answers. */
  latency: number;
  /** Only where the capture had stood still and stamped the one or the other late: that it took so long at least. */
  latencyAtLeast?: number;
  /** As seen nearest to the receiver. */
  checksum: Checksum;
  outcome: Outcome;
  reason: ReplyReason | null;
}

/** One message of a client that asks for something, and what came back. */
export interface Attempt {
  message: string;
  ref: Ref;
  sightings: Sighting[];
  time: Time;
  to: "unicast" | "broadcast";
  checksum: Checksum;
  /** null outside renewals and where the lease's times are not known, as is `untilExpiry`. */
  sinceT1: number | null;
  untilExpiry: number | null;
  replies: Reply[];
  /** null: it was answered, or another attempt's success made it needless. */
  cause: Cause | null;
}

/**
 * Whose record this is. A client is bound by link, VLAN, hardware address and client identifier together, since clones
 * of a guest send one identifier from several addresses, and a boot ROM and the system it starts send different ones
 * from the same.
 */
export interface OfClient {
  id: string;
  /** Hardware address; for DHCPv6 the DUID in hex with colons. */
  client: string;
  clientId: string | null;
  name: string | null;
  version: 4 | 6;
  vlan: number[];
  /** No further record with this id follows. */
  final: boolean;
}

export interface FrameLink {
  src: string | null;
  dst: string | null;
  /** VLAN identifiers, the outermost first. */
  vlan: number[];
}

/** A header that stands around the innermost IP header. */
export interface OuterHeader {
  kind: string;
  /** null where this header has no UDP checksum of its own. */
  udpChecksum: Checksum | null;
}

/** The innermost IP header. */
export interface FrameIp {
  version: 4 | 6;
  src: string;
  dst: string;
  /** null for version 6, which has none. */
  checksum: Checksum | null;
}

export interface FrameUdp {
  src: number;
  dst: number;
  checksum: Checksum;
}

export interface FrameDhcp {
  /** DISCOVER to INFORM, BOOTREQUEST, BOOTREPLY; for DHCPv6 the names of RFC 8415. */
  message: string;
  xid: string;
  client: string;
  clientId: string | null;
  ciaddr: string | null;
  yiaddr: string | null;
  giaddr: string | null;
  serverId: string | null;
  /** Seconds as the message has them, like t1 and t2; no defaults filled in. */
  leaseTime: number | null;
  t1: number | null;
  t2: number | null;
  requested: string | null;
  secs: number | null;
  hostname: string | null;
  vendorClass: string | null;
}

/** How a datagram that came in IPv4 fragments was put together. */
export interface FrameReassembled {
  /**
   * Fragments that came, repeated ones included.
   *
   * @asType integer
   */
  fragments: number;
  /** Some of them overlapped, or said different things of the same bytes: what came first was kept. */
  overlapped: boolean;
}

/** The layer that could not be read whole, and the bytes that it lacked. */
export interface FrameStopped {
  layer: string;
  offset: number;
  needed: number;
  had: number;
}
