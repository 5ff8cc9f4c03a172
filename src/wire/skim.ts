import { EtherType } from "./ether-type.js";
import { ETHERNET, ETHERNET_HEADER } from "./ethernet.js";
import { FRAGMENT_OFFSET, IPV4_HEADER, IpProtocol, MORE_FRAGMENTS } from "./ipv4.js";
import type { LinkLayer } from "./link-layer.js";
import { isDhcpPort, UDP_HEADER } from "./udp.js";
import { isVlanTag } from "./vlan.js";

/** What a frame is good for, told from a dozen of its bytes. From DHCP on they are rare, and take more than a look. */
export const Skim = {
  OTHER: 0,
  /** Any other IPv4: its source is alive. */
  IPV4_OTHER: 1,
  /** From here on a frame may have to do with DHCP. */
  ARP: 2,
  /** A whole datagram: UDP from or to 67, 68 or 4011, and a BOOTP header as far as bytes were captured. */
  DHCP: 3,
  /** ICMP destination unreachable that quotes a datagram from or to UDP 67, 68 or 4011. */
  ICMP_ERROR: 4,
  /** Part of a UDP datagram, which may be DHCP. */
  FRAGMENT: 5,
} as const;
export type Skim = (typeof Skim)[keyof typeof Skim];

const DESTINATION_UNREACHABLE = 3;
const ICMP_HEADER = 8;

/**
 * Sorts one Ethernet frame without allocating anything.
 *
 * @param bytes the memory that `view` covers too; `offset` indexes both
 * @param offset where the frame begins
 * @param captured bytes present; they must lie within `view`
 */
export function skimEthernet(bytes: Uint8Array, view: DataView, offset: number, captured: number): Skim {
  if (captured < ETHERNET_HEADER) return Skim.OTHER;
  const etherType = view.getUint16(offset + 12);
  if (etherType === EtherType.IPV4) return skimIpv4(bytes, view, offset + ETHERNET_HEADER, offset + captured);
  if (etherType === EtherType.ARP) return Skim.ARP;
  return isVlanTag(etherType) ? skimFrame(ETHERNET, bytes, view, offset, captured) : Skim.OTHER;
}

/** The same for a frame of any link layer. */
export function skimFrame(layer: LinkLayer, bytes: Uint8Array, view: DataView, offset: number, captured: number): Skim {
  const ip = layer.find(view, offset, captured, EtherType.IPV4);
  if (ip >= 0) return skimIpv4(bytes, view, ip, offset + captured);
  return layer.find(view, offset, captured, EtherType.ARP) >= 0 ? Skim.ARP : Skim.OTHER;
}

/** The same, by the shortest way that there is. */
export function skimAny(layer: LinkLayer, bytes: Uint8Array, view: DataView, offset: number, captured: number): Skim {
  return layer === ETHERNET
    ? skimEthernet(bytes, view, offset, captured)
    : skimFrame(layer, bytes, view, offset, captured);
}

/** The same for a bare IPv4 datagram at `offset`, of which the bytes up to `end` were captured. */
function skimIpv4(bytes: Uint8Array, view: DataView, offset: number, end: number): Skim {
  if (offset + IPV4_HEADER > end) return Skim.OTHER;
  const versionAndLength = bytes[offset] ?? 0;
  if (versionAndLength < 0x45 || versionAndLength > 0x4f) return Skim.OTHER;
  const protocol = bytes[offset + 9] ?? 0;
  const next = offset + (versionAndLength & 0x0f) * 4;
  if (protocol === IpProtocol.UDP) {
    if ((view.getUint16(offset + 6) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0) return Skim.FRAGMENT;
    return showsDhcp(bytes, view, next, end) ? Skim.DHCP : Skim.IPV4_OTHER;
  }
  if (protocol === IpProtocol.ICMP) {
    if ((view.getUint16(offset + 6) & FRAGMENT_OFFSET) !== 0) return Skim.IPV4_OTHER;
    return isDhcpError(bytes, view, next, end) ? Skim.ICMP_ERROR : Skim.IPV4_OTHER;
  }
  return Skim.IPV4_OTHER;
}

/** The UDP header at `offset` has a DHCP port, and what there is behind it may be BOOTP (op 1 or 2, hlen up to 16). */
export function showsDhcp(bytes: Uint8Array, view: DataView, offset: number, end: number): boolean {
  if (offset + 4 > end) return false;
  if (!isDhcpPort(view.getUint16(offset)) && !isDhcpPort(view.getUint16(offset + 2))) return false;
  const data = offset + UDP_HEADER;
  if (data >= end) return true;
  const op = bytes[data] ?? 0;
  if (op !== 1 && op !== 2) return false;
  return data + 2 >= end || (bytes[data + 2] ?? 0) <= 16;
}

/** The ICMP message at `offset` returns a datagram that has a DHCP port. RFC 792: 8 bytes, then the datagram's header. */
function isDhcpError(bytes: Uint8Array, view: DataView, offset: number, end: number): boolean {
  const quoted = offset + ICMP_HEADER;
  if (quoted + IPV4_HEADER > end || bytes[offset] !== DESTINATION_UNREACHABLE) return false;
  const versionAndLength = bytes[quoted] ?? 0;
  if (versionAndLength < 0x45 || versionAndLength > 0x4f || bytes[quoted + 9] !== IpProtocol.UDP) return false;
  if ((view.getUint16(quoted + 6) & FRAGMENT_OFFSET) !== 0) return false;
  const ports = quoted + (versionAndLength & 0x0f) * 4;
  if (ports + 4 > end) return false;
  return isDhcpPort(view.getUint16(ports)) || isDhcpPort(view.getUint16(ports + 2));
}
