import { readMac } from "./addresses.js";
import type { LinkHeader } from "./frame.js";
import type { Stopped } from "./stopped.js";

/*
 * Ethernet II, IEEE 802.3 §3.1, big-endian:
 *
 *   0  destination, 6 octets
 *   6  source, 6 octets
 *  12  EtherType; or a tag: TPID 2, PCP/DEI/VID 2 (VID: low 12 bits), then the next EtherType
 */
export const ETHERNET_HEADER = 14;
export const VLAN_TAG = 4;

export const EtherType = { IPV4: 0x0800, ARP: 0x0806 } as const;

/** 802.1Q, 802.1ad, and the number that QinQ equipment used before 802.1ad had one. */
export function isVlanTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100;
}

/**
 * Where the EtherType that is no VLAN tag stands, for a frame at `offset`; -1 if the frame ends before it.
 * Any number of tags: each must be there in full, so the walk ends with the frame.
 */
export function etherTypeOffset(view: DataView, offset: number, captured: number): number {
  const end = offset + captured;
  let at = offset + 12;
  while (at + 2 <= end) {
    if (!isVlanTag(view.getUint16(at))) return at;
    at += VLAN_TAG;
  }
  return -1;
}

export interface DecodedLink {
  readonly link: LinkHeader | null;
  readonly etherType: number;
  /** Where the payload begins. */
  readonly next: number;
  readonly stopped: Stopped | null;
}

const NO_TAGS: readonly number[] = [];

/** The link header of a frame that begins at 0 of `view`. */
export function decodeLink(view: DataView): DecodedLink {
  const length = view.byteLength;
  if (length < ETHERNET_HEADER) {
    const stopped = { layer: "ethernet", offset: length, needed: ETHERNET_HEADER, had: length };
    return { link: null, etherType: 0, next: length, stopped };
  }
  const dst = readMac(view, 0);
  const src = readMac(view, 6);
  let etherType = view.getUint16(12);
  let next = ETHERNET_HEADER;
  if (!isVlanTag(etherType)) return { link: { src, dst, vlan: NO_TAGS }, etherType, next, stopped: null };
  const vlan: number[] = [];
  while (isVlanTag(etherType)) {
    if (next + VLAN_TAG > length) {
      const stopped = { layer: "vlan", offset: length, needed: VLAN_TAG, had: length - next };
      return { link: { src, dst, vlan }, etherType, next: length, stopped };
    }
    vlan.push(view.getUint16(next) & 0x0fff);
    etherType = view.getUint16(next + 2);
    next += VLAN_TAG;
  }
  return { link: { src, dst, vlan }, etherType, next, stopped: null };
}
