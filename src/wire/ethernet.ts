import { readMac } from "./addresses.js";
import type { DecodedLink, LinkLayer } from "./link-layer.js";
import { decodeTags, foldTags, isVlanTag, payloadBehindTags } from "./vlan.js";

/*
 * Ethernet II, IEEE 802.3 §3.1, big-endian (LINKTYPE_ETHERNET, 1):
 *
 *   0  destination, 6 octets
 *   6  source, 6 octets
 *  12  EtherType, or the TPID of a VLAN tag
 */
export const ETHERNET_HEADER = 14;

function find(view: DataView, offset: number, captured: number, etherType: number): number {
  if (captured < ETHERNET_HEADER) return -1;
  return payloadBehindTags(view, view.getUint16(offset + 12), offset + ETHERNET_HEADER, offset + captured, etherType);
}

/** Where the sender's address stands, see LinkLayer.source. */
export function ethernetSource(offset: number, captured: number): number {
  return captured < 12 ? -1 : offset + 6;
}

function decode(view: DataView): DecodedLink {
  const length = view.byteLength;
  if (length < ETHERNET_HEADER) {
    const stopped = { layer: "ethernet", offset: length, needed: ETHERNET_HEADER, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  return decodeTags(view, view.getUint16(12), ETHERNET_HEADER, { src: readMac(view, 6), dst: readMac(view, 0) });
}

export const ETHERNET: LinkLayer = {
  find,
  tags: (view, offset, captured) =>
    captured < ETHERNET_HEADER || !isVlanTag(view.getUint16(offset + 12))
      ? 0
      : foldTags(view, view.getUint16(offset + 12), offset + ETHERNET_HEADER, offset + captured),
  source: (_view, offset, captured) => ethernetSource(offset, captured),
  vantage: null,
  decode,
};
