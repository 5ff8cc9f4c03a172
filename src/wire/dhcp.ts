import type { Stopped } from "./stopped.js";
import { NO_OPTIONS, walkOptions } from "./options.js";
import type { Options } from "./options.js";

/** Option 53, RFC 2132 §9.6 and its successors. */
export const MessageType = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
} as const;

/** The BOOTP header and the options of one message, RFC 2131 §2. Numbers are unsigned, network order. */
export interface DhcpMessage {
  /** 1 BOOTREQUEST, 2 BOOTREPLY. */
  readonly op: number;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: number;
  readonly yiaddr: number;
  readonly siaddr: number;
  readonly giaddr: number;
  /** The first min(hlen, 16) bytes of chaddr. */
  readonly chaddr: Uint8Array;
  /** Option 53; null: BOOTP, or cut before it (then `cut` is true). */
  readonly type: number | null;
  /** The message ends before its options do (snapshot length or a lying header). */
  readonly cut: boolean;
  readonly options: Options;
}

/*
 * RFC 2131 §2, big-endian, offsets from the start of the UDP data:
 *
 *   0  op, htype, hlen, hops
 *   4  xid
 *   8  secs
 *  10  flags (0x8000 broadcast)
 *  12  ciaddr, yiaddr, siaddr, giaddr
 *  28  chaddr, 16
 *  44  sname, 64
 * 108  file, 128
 * 236  magic cookie 99.130.83.99, then the options
 */
const CHADDR = 28;
const SNAME = 44;
const FILE = 108;
const BOOTP_HEADER = 236;
const OPTIONS = 240;
const MAGIC_COOKIE = 0x63825363;
const MESSAGE_TYPE = 53;

export interface DecodedDhcp {
  readonly dhcp: DhcpMessage | null;
  readonly stopped: Stopped | null;
}

interface Body {
  readonly options: Options;
  readonly cut: boolean;
  readonly stopped: Stopped | null;
}

/**
 * The message in `bytes` (seen through `view` as well) from `offset` up to `end`. With everything up to chaddr there
 * is a message, however little follows.
 *
 * @param truncated the UDP length promises more than there is up to `end`
 */
export function decodeDhcp(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  end: number,
  truncated: boolean,
): DecodedDhcp {
  const had = end - offset;
  const hlen = had > 2 ? view.getUint8(offset + 2) : 0;
  const needed = CHADDR + Math.min(hlen, 16);
  if (had < needed) return { dhcp: null, stopped: { layer: "dhcp", offset: end, needed, had } };
  const { options, cut, stopped } = decodeBody(bytes, view, offset, end, truncated);
  const dhcp: DhcpMessage = {
    op: view.getUint8(offset),
    htype: view.getUint8(offset + 1),
    hlen,
    hops: view.getUint8(offset + 3),
    xid: view.getUint32(offset + 4),
    secs: view.getUint16(offset + 8),
    flags: view.getUint16(offset + 10),
    ciaddr: view.getUint32(offset + 12),
    yiaddr: view.getUint32(offset + 16),
    siaddr: view.getUint32(offset + 20),
    giaddr: view.getUint32(offset + 24),
    chaddr: bytes.subarray(offset + CHADDR, offset + needed),
    type: options.get(MESSAGE_TYPE)?.[0] ?? null,
    cut,
    options,
  };
  return { dhcp, stopped };
}

/** What follows chaddr: a vendor area without the cookie is plain BOOTP (RFC 951), which has no options. */
function decodeBody(bytes: Uint8Array, view: DataView, offset: number, end: number, truncated: boolean): Body {
  const had = end - offset;
  if (had < OPTIONS) {
    const cut = truncated || had < BOOTP_HEADER;
    const stopped = cut ? { layer: "dhcp", offset: end, needed: OPTIONS, had } : null;
    return { options: NO_OPTIONS, cut, stopped };
  }
  if (view.getUint32(offset + BOOTP_HEADER) !== MAGIC_COOKIE) return { options: NO_OPTIONS, cut: false, stopped: null };
  const start = offset + OPTIONS;
  const walked = walkOptions(bytes, { start, end, truncated, sname: offset + SNAME, file: offset + FILE });
  return { options: walked.options, cut: walked.cut, stopped: walked.stopped };
}
