import { readMac } from "./addresses.js";
import type { DecodedLink, LinkLayer } from "./link-layer.js";
import { hasEtherType, OUTGOING } from "./sll.js";
import { decodeTags, foldTags, payloadBehindTags } from "./vlan.js";

/*
 * Linux cooked capture, version 2, LINKTYPE_LINUX_SLL2 (276), big-endian: what `tcpdump -i any` writes.
 *
 *   0  protocol: an EtherType, or the TPID of a VLAN tag
 *   2  reserved
 *   4  interface index, of the host that captured
 *   8  ARPHRD_ type of the interface
 *  10  packet type, as in version 1, 1 octet
 *  11  length of the sender's hardware address, 1 octet
 *  12  its first 8 octets
 */
const HEADER = 20;
const INTERFACE_INDEX = 4;
const ARPHRD = 8;
const PACKET_TYPE = 10;
const ADDRESS_LENGTH = 11;
const ADDRESS = 12;

const MAC = 6;

function etherTypeOf(view: DataView, offset: number): number {
  return hasEtherType(view.getUint16(offset + ARPHRD)) ? view.getUint16(offset) : 0;
}

function find(view: DataView, offset: number, captured: number, etherType: number): number {
  if (captured < HEADER) return -1;
  return payloadBehindTags(view, etherTypeOf(view, offset), offset + HEADER, offset + captured, etherType);
}

function decode(view: DataView): DecodedLink {
  const length = view.byteLength;
  if (length < HEADER) {
    const stopped = { layer: "linux-sll2", offset: length, needed: HEADER, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  const src = view.getUint8(ADDRESS_LENGTH) === MAC ? readMac(view, ADDRESS) : null;
  return decodeTags(view, etherTypeOf(view, 0), HEADER, { src, dst: null });
}

export const SLL2: LinkLayer = {
  find,
  tags: (view, offset, captured) =>
    captured < HEADER ? 0 : foldTags(view, etherTypeOf(view, offset), offset + HEADER, offset + captured),
  source: (view, offset, captured) =>
    captured < HEADER || view.getUint8(offset + ADDRESS_LENGTH) !== MAC ? -1 : offset + ADDRESS,
  vantage: (view, offset) =>
    view.getUint32(offset + INTERFACE_INDEX) * 2 + (view.getUint8(offset + PACKET_TYPE) === OUTGOING ? 1 : 0),
  decode,
};
