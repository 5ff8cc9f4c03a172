import { bootp, END, option, text, u32 } from "../wire/packets.js";
import {
  clientMac,
  datagram,
  EVERY_MAC,
  EVERYBODY,
  framed,
  ip,
  serverMac,
  type Datagram,
  type Link,
  type Sum,
} from "./script-frames.js";

/** What a test may say of a message; everything has a plain default. Replies answer the client's last question. */
export interface MessageOptions {
  /** 1 and up: hardware address 52:54:00:00:00:01, address 10.0.0.101. */
  readonly client?: number;
  /** 1 to 99: 10.0.0.1 and so on. */
  readonly server?: number;
  readonly address?: string;
  readonly xid?: number;
  readonly secs?: number;
  readonly to?: "unicast" | "broadcast";
  readonly sum?: Sum;
  readonly ipId?: number;
  readonly vlan?: readonly number[];
  readonly point?: number;
  /** giaddr: the message has passed this relay. */
  readonly relay?: string;
  readonly hops?: number;
  /** The IP addresses of the datagram, where a relay or a router changed them. */
  readonly from?: string;
  readonly into?: string;
  readonly ports?: readonly [number, number];
  /** Seconds, options 51, 58, 59; null: left out. */
  readonly lease?: number | null;
  readonly t1?: number;
  readonly t2?: number;
  /** Option 54; null: left out. */
  readonly serverId?: string | null;
  readonly clientId?: readonly number[];
  readonly vendorClass?: string;
  readonly parameters?: readonly number[];
  readonly hostname?: string;
  /** Option 56. */
  readonly message?: string;
  /** chaddr, where it is not the client's own. */
  readonly chaddr?: readonly number[];
  /** Bytes captured of the frame. */
  readonly cut?: number;
}

export type Kind = "DISCOVER" | "OFFER" | "REQUEST" | "DECLINE" | "ACK" | "NAK" | "RELEASE" | "INFORM";

/** A message of the script: its options, and which of the fields of RFC 2131 table 4 and 5 it fills. */
export interface MessageStep {
  readonly step: "message";
  readonly kind: Kind;
  readonly state: "SELECTING" | "INIT-REBOOT" | "RENEWING" | "REBINDING" | null;
  readonly options: MessageOptions;
}

const TYPES: Readonly<Record<Kind, number>> = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
};

export interface Built {
  readonly bytes: Uint8Array;
  /** The IPv4 datagram within. */
  readonly datagram: readonly number[];
}

export function isReply(kind: Kind): boolean {
  return kind === "OFFER" || kind === "ACK" || kind === "NAK";
}

/** The frame of one message. */
export function build({ kind, state, options }: MessageStep): Built {
  const client = options.client ?? 1;
  const server = options.server ?? 1;
  const reply = isReply(kind);
  const address = ip(options.address ?? `10.0.0.${100 + client}`);
  const serverAddress = ip(`10.0.0.${server}`);
  const keeps = state === "RENEWING" || state === "REBINDING" || kind === "RELEASE" || kind === "INFORM";
  const broadcast = options.to === undefined ? isBroadcast(kind, state) : options.to === "broadcast";
  const relay = options.relay === undefined ? 0 : ip(options.relay);
  const data = bootp(
    {
      op: reply ? 2 : 1,
      xid: options.xid ?? 1,
      secs: options.secs ?? 0,
      ciaddr: keeps ? address : 0,
      yiaddr: reply && kind !== "NAK" ? address : 0,
      giaddr: relay,
      chaddr: options.chaddr ?? clientMac(client),
    },
    optionsOf(kind, state, address, serverAddress, options),
  );
  data[3] = options.hops ?? 0;
  const toClient = broadcast ? EVERYBODY : address;
  const toServer = broadcast ? EVERYBODY : serverAddress;
  const fields: Datagram = {
    src: addressOr(options.from, reply ? serverAddress : keeps ? address : 0),
    dst: addressOr(options.into, reply ? toClient : toServer),
    srcPort: options.ports?.[0] ?? (reply ? 67 : 68),
    dstPort: options.ports?.[1] ?? (reply ? 68 : 67),
    id: options.ipId ?? 0,
    sum: options.sum ?? "good",
    data,
  };
  const mac = reply ? clientMac(client) : serverMac(server);
  const link: Link = {
    src: reply ? serverMac(server) : clientMac(client),
    dst: broadcast ? EVERY_MAC : mac,
    vlan: options.vlan ?? [],
  };
  const packet = datagram(fields);
  return { bytes: framed(link, packet), datagram: packet };
}

/** RFC 2131 §4.3.2, table 4: only a renewal goes to one address. A server may send either way; here to one. */
function isBroadcast(kind: Kind, state: MessageStep["state"]): boolean {
  return kind === "NAK" || !(isReply(kind) || state === "RENEWING" || kind === "RELEASE" || kind === "INFORM");
}

function optionsOf(
  kind: Kind,
  state: MessageStep["state"],
  address: number,
  server: number,
  options: MessageOptions,
): number[] {
  const reply = isReply(kind);
  const { serverId, lease, t1, t2 } = options;
  const named = reply || state === "SELECTING" || kind === "RELEASE" || kind === "DECLINE";
  const requested = state === "SELECTING" || state === "INIT-REBOOT" || kind === "DECLINE";
  const timed = kind === "OFFER" || kind === "ACK";
  return [
    ...option(53, [TYPES[kind]]),
    ...(options.clientId === undefined ? [] : option(61, options.clientId)),
    ...(named && serverId !== null ? option(54, u32(addressOr(serverId, server))) : []),
    ...(requested ? option(50, u32(address)) : []),
    ...(timed && lease !== null ? option(51, u32(lease ?? 120)) : []),
    ...(t1 === undefined ? [] : option(58, u32(t1))),
    ...(t2 === undefined ? [] : option(59, u32(t2))),
    ...(options.hostname === undefined ? [] : option(12, text(options.hostname))),
    ...(options.vendorClass === undefined ? [] : option(60, text(options.vendorClass))),
    ...(options.parameters === undefined ? [] : option(55, options.parameters)),
    ...(options.message === undefined ? [] : option(56, text(options.message))),
    END,
  ];
}

function addressOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : ip(text);
}
