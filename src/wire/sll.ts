import { readMac } from "./addresses.js";
import type { DecodedLink, LinkLayer } from "./link-layer.js";
import { decodeTags, foldTags, payloadBehindTags } from "./vlan.js";

/*
 * Linux cooked capture, LINKTYPE_LINUX_SLL (113), big-endian: what `tcpdump -i any` wrote before version 2 of it came.
 *
 *   0  packet type: 0 for this host, 1 broadcast, 2 multicast, 3 for another host, 4 sent by this host
 *   2  ARPHRD_ type of the interface
 *   4  length of the sender's hardware address
 *   6  its first 8 octets
 *  14  protocol: an EtherType, or the TPID of a VLAN tag
 */
const HEADER = 16;
const ADDRESS_LENGTH = 4;
const ADDRESS = 6;
const PROTOCOL = 14;

const MAC = 6;

/** The packet type of what this host sent, in version 2 as well. */
export const OUTGOING = 4;

/** Whether the protocol is an EtherType: not of FRAD (770), 802.11 with radiotap (803) and netlink (824) interfaces. */
export function hasEtherType(arphrd: number): boolean {
  return arphrd !== 770 && arphrd !== 803 && arphrd !== 824;
}

function etherTypeOf(view: DataView, offset: number): number {
  return hasEtherType(view.getUint16(offset + 2)) ? view.getUint16(offset + PROTOCOL) : 0;
}

function find(view: DataView, offset: number, captured: number, etherType: number): number {
  if (captured < HEADER) return -1;
  return payloadBehindTags(view, etherTypeOf(view, offset), offset + HEADER, offset + captured, etherType);
}

function decode(view: DataView): DecodedLink {
  const length = view.byteLength;
  if (length < HEADER) {
    const stopped = { layer: "linux-sll", offset: length, needed: HEADER, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  const src = view.getUint16(ADDRESS_LENGTH) === MAC ? readMac(view, ADDRESS) : null;
  return decodeTags(view, etherTypeOf(view, 0), HEADER, { src, dst: null });
}

export const SLL: LinkLayer = {
  find,
  tags: (view, offset, captured) =>
    captured < HEADER ? 0 : foldTags(view, etherTypeOf(view, offset), offset + HEADER, offset + captured),
  source: (view, offset, captured) =>
    captured < HEADER || view.getUint16(offset + ADDRESS_LENGTH) !== MAC ? -1 : offset + ADDRESS,
  vantage: (view, offset) => (view.getUint16(offset) === OUTGOING ? 1 : 0),
  decode,
};
