import { EtherType } from "./ether-type.js";
import { NO_ADDRESSES, PLAIN, type DecodedLink, type LinkLayer } from "./link-layer.js";

/*
 * PPP, LINKTYPE_PPP (9): the protocol alone (RFC 1661 §2), or behind the HDLC-like framing of RFC 1662 §3.1.
 * PPP over serial, LINKTYPE_PPP_HDLC (50): always framed, or Cisco HDLC (RFC 1547 §4.3.1) by its first octet.
 *
 *   0  address 0xff, control 0x03                     or   0  address 0x0f or 0x8f (broadcast), control 0
 *   2  protocol: 2 octets, or 1 if it is odd               2  EtherType
 */
const ADDRESS_AND_CONTROL = 0xff03;
const UNICAST = 0x0f;
const BROADCAST = 0x8f;

const PPP_IPV4 = 0x21;
const PPP_IPV6 = 0x57;

/** A protocol below 256 may be sent as one octet (RFC 1661 §6.5); the first of two is even. */
function isShort(view: DataView, at: number): boolean {
  return (view.getUint8(at) & 1) === 1;
}

/** Where the protocol begins; its first octet may be missing. */
function protocolOffset(view: DataView, offset: number, end: number): number {
  return offset + 2 <= end && view.getUint16(offset) === ADDRESS_AND_CONTROL ? offset + 2 : offset;
}

/** Where the payload begins; -1 if the frame ends before it, or is too short to tell. */
function payloadOffset(view: DataView, offset: number, at: number, end: number): number {
  if (offset + 2 > end || at >= end) return -1;
  const next = at + (isShort(view, at) ? 1 : 2);
  return next <= end ? next : -1;
}

function etherTypeAt(view: DataView, at: number): number {
  const protocol = isShort(view, at) ? view.getUint8(at) : view.getUint16(at);
  if (protocol === PPP_IPV4) return EtherType.IPV4;
  return protocol === PPP_IPV6 ? EtherType.IPV6 : 0;
}

function find(view: DataView, offset: number, captured: number, etherType: number): number {
  const end = offset + captured;
  const at = protocolOffset(view, offset, end);
  const next = payloadOffset(view, offset, at, end);
  return next >= 0 && etherTypeAt(view, at) === etherType ? next : -1;
}

function decode(view: DataView): DecodedLink {
  const length = view.byteLength;
  const at = protocolOffset(view, 0, length);
  const next = payloadOffset(view, 0, at, length);
  if (next < 0) {
    const stopped = { layer: "ppp", offset: length, needed: at + 2, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  return { link: NO_ADDRESSES, etherType: etherTypeAt(view, at), next, stopped: null };
}

export const PPP: LinkLayer = { ...PLAIN, find, decode };

const CISCO_HEADER = 4;

function isCisco(view: DataView, offset: number, captured: number): boolean {
  if (captured === 0) return false;
  const address = view.getUint8(offset);
  return address === UNICAST || address === BROADCAST;
}

function decodeCisco(view: DataView): DecodedLink {
  const had = view.byteLength;
  if (had < CISCO_HEADER) {
    const stopped = { layer: "ppp", offset: had, needed: CISCO_HEADER, had };
    return { link: null, etherType: 0, next: had, stopped };
  }
  return { link: NO_ADDRESSES, etherType: view.getUint16(2), next: CISCO_HEADER, stopped: null };
}

export const PPP_HDLC: LinkLayer = {
  ...PLAIN,
  find: (view, offset, captured, etherType) => {
    if (!isCisco(view, offset, captured)) return find(view, offset, captured, etherType);
    return captured >= CISCO_HEADER && view.getUint16(offset + 2) === etherType ? offset + CISCO_HEADER : -1;
  },
  decode: (view) => (isCisco(view, 0, view.byteLength) ? decodeCisco(view) : decode(view)),
};
