import { toSeconds, type Instant } from "../capture/instant.js";
import type { Checksum } from "../checksum/checksum.js";
import { formatHex } from "../wire/addresses.js";
import { MessageType, type DhcpMessage } from "../wire/dhcp.js";
import type { Frame } from "../wire/frame.js";
import { OptionCode } from "../wire/option-codes.js";
import { readAddress, readText, readUint32 } from "../wire/option-readers.js";

/** Names of option 53 values (RFC 2132 §9.6, 3203, 4388, 6926, 7724), and BOOTP messages that have none. */
const KIND_NAMES: Readonly<Record<number, Kind>> = {
  1: "DISCOVER",
  2: "OFFER",
  3: "REQUEST",
  4: "DECLINE",
  5: "ACK",
  6: "NAK",
  7: "RELEASE",
  8: "INFORM",
  9: "FORCERENEW",
  10: "LEASEQUERY",
  11: "LEASEUNASSIGNED",
  12: "LEASEUNKNOWN",
  13: "LEASEACTIVE",
  14: "BULKLEASEQUERY",
  15: "LEASEQUERYDONE",
  16: "ACTIVELEASEQUERY",
  17: "LEASEQUERYSTATUS",
  18: "TLS",
};

export type Kind =
  | "DISCOVER"
  | "OFFER"
  | "REQUEST"
  | "DECLINE"
  | "ACK"
  | "NAK"
  | "RELEASE"
  | "INFORM"
  | "FORCERENEW"
  | "LEASEQUERY"
  | "LEASEUNASSIGNED"
  | "LEASEUNKNOWN"
  | "LEASEACTIVE"
  | "BULKLEASEQUERY"
  | "LEASEQUERYDONE"
  | "ACTIVELEASEQUERY"
  | "LEASEQUERYSTATUS"
  | "TLS"
  | "BOOTREQUEST"
  | "BOOTREPLY"
  | "UNKNOWN";

/** What the receiver did with a message, proved by what it did next. */
export type Outcome = "accepted" | "ignored" | "unknown";

/** Where frames are captured: one interface of one input. */
export interface Point {
  readonly id: number;
  readonly input: string;
  /** Interface name as the capture tells it; null if it does not. */
  readonly interface: string | null;
}

/** A frame of a capture, whatever it carries. */
export interface FrameRef {
  readonly point: Point;
  /** Number of the frame in its input, counted from 1. */
  readonly frameNumber: number;
  readonly instant: Instant;
}

/** One message as it was seen at one point. */
export interface Sighting extends FrameRef {
  /** When, by the clock of its input; `instant` is the same by the clock that all times are told by. */
  readonly stamp: Instant;
  readonly checksum: Checksum;
  readonly frame: Frame;
  /** The message that it turned out to be; null until its last sighting may have come, or if it is none. */
  message: Message | null;
}

/** One DHCP message, however often it was seen on its way. */
export interface Message {
  /** Position in the order of delivery; later messages have larger numbers. -1 until then. */
  order: number;
  /** UNKNOWN where the capture was cut before option 53, until the order of messages tells. */
  kind: Kind;
  readonly fromClient: boolean;
  /** Of the first sighting. */
  readonly instant: Instant;
  /** The same in seconds since 1970, for rules. */
  readonly time: number;
  /** In order along the way; never empty. */
  readonly sightings: Sighting[];
  /** Once it has been tracked, without its options (`let-go.ts`). */
  dhcp: DhcpMessage;
  readonly xid: number;
  /** Seconds since the client began, as sent. */
  readonly secs: number;
  /** The same if the client stores it little-endian, as some do; null where the bytes rule that out. */
  readonly swappedSecs: number | null;
  readonly vlan: string;
  /** Source and destination IPv4 address of the first sighting. */
  readonly src: number;
  readonly dst: number;
  /** To everybody on the link, or through a relay, rather than to one address. */
  readonly broadcast: boolean;
  readonly ipId: number;
  readonly requested: number | null;
  readonly serverId: number | null;
  readonly leaseTime: number | null;
  readonly t1: number | null;
  readonly t2: number | null;
  /** Option 61 as hex with colons. */
  readonly clientId: string | null;
  readonly hostname: string | null;
  readonly vendorClass: string | null;
  /** Option 80 (RFC 4039): an ACK may answer a DISCOVER. */
  readonly rapidCommit: boolean;
  /** Option 108 (RFC 8925), asked for or given: the client may do without IPv4 for a while. */
  readonly ipv6Only: boolean;
  /** Option 56: what the server says of a refusal. */
  readonly text: string | null;
  /** For replies: what the client did with it; null for messages of clients and of no cycle. */
  outcome: Outcome | null;
}

const BOOTREQUEST = 1;
const BROADCAST_IP = 0xffffffff;
const BROADCAST_MAC = 0xffffffffffff;
/** In the first byte of a destination address: broadcast or multicast (IEEE 802). */
const GROUP_BIT = 1;

export function kindOf(dhcp: DhcpMessage): Kind {
  if (dhcp.type === null) {
    if (dhcp.cut) {
      return "UNKNOWN";
    }
    return dhcp.op === 1 ? "BOOTREQUEST" : "BOOTREPLY";
  }
  return KIND_NAMES[dhcp.type] ?? "UNKNOWN";
}

/** Makes the message of which `sighting` is the first; null if its frame carries no DHCP that could be decoded. */
export function messageOf(sighting: Sighting): Message | null {
  const { frame } = sighting;
  const { dhcp, ip, udp, link } = frame;
  if (dhcp === null || ip === null || udp === null) {
    return null;
  }
  const clientId = dhcp.options.get(OptionCode.CLIENT_IDENTIFIER);
  return {
    order: -1,
    kind: kindOf(dhcp),
    fromClient: dhcp.op === 1 && dhcp.type !== MessageType.FORCERENEW,
    instant: sighting.instant,
    time: toSeconds(sighting.instant),
    sightings: [sighting],
    dhcp,
    xid: dhcp.xid,
    secs: dhcp.secs,
    swappedSecs: dhcp.secs > 0xff && (dhcp.secs & 0xff) === 0 ? dhcp.secs >>> 8 : null,
    vlan: link === null ? "" : link.vlan.join("."),
    src: ip.src,
    dst: ip.dst,
    broadcast: ip.dst === BROADCAST_IP || link?.dst === BROADCAST_MAC || (dhcp.op === 1 && dhcp.giaddr !== 0),
    ipId: ip.id,
    requested: readAddress(dhcp.options, OptionCode.REQUESTED_ADDRESS),
    serverId: readAddress(dhcp.options, OptionCode.SERVER_IDENTIFIER),
    leaseTime: readUint32(dhcp.options, OptionCode.LEASE_TIME),
    t1: readUint32(dhcp.options, OptionCode.RENEWAL_TIME),
    t2: readUint32(dhcp.options, OptionCode.REBINDING_TIME),
    clientId: clientId === null ? null : formatHex(clientId),
    hostname: readText(dhcp.options, OptionCode.HOST_NAME),
    vendorClass: readText(dhcp.options, OptionCode.VENDOR_CLASS),
    rapidCommit: dhcp.options.get(OptionCode.RAPID_COMMIT) !== null,
    ipv6Only: hasIpv6Only(dhcp),
    text: readText(dhcp.options, OptionCode.MESSAGE),
    outcome: null,
  };
}

function hasIpv6Only({ op, options }: DhcpMessage): boolean {
  return op === BOOTREQUEST
    ? options.get(OptionCode.PARAMETER_LIST)?.includes(OptionCode.IPV6_ONLY) === true
    : options.get(OptionCode.IPV6_ONLY) !== null;
}

/** The frame alone, without what was in it. */
export function refTo({ point, frameNumber, instant }: FrameRef): FrameRef {
  return { point, frameNumber, instant };
}

/** Whether it was for one receiver, on the link if that shows. */
export function isUnicast({ frame: { link, ip } }: Sighting): boolean {
  const dst = link?.dst ?? null;
  return dst === null ? ip?.dst !== BROADCAST_IP : (Math.floor(dst / 0x10000000000) & GROUP_BIT) === 0;
}

/** The sighting nearest to the receiver: its checksum is the one that the receiver met. */
export function lastSighting(message: Message): Sighting {
  const last = message.sightings.at(-1);
  if (last === undefined) {
    throw new RangeError("a message without a sighting");
  }
  return last;
}
