import { EtherType, ETHERNET_HEADER, etherTypeOffset } from "./ethernet.js";
import { IPV4_HEADER, IpProtocol } from "./ipv4.js";
import { isDhcpPort, UDP_HEADER } from "./udp.js";

/** What a frame is good for, told from a dozen of its bytes. */
export const Skim = {
  OTHER: 0,
  /** UDP from or to 67, 68 or 4011, and a BOOTP header as far as bytes were captured. */
  DHCP: 1,
  /** ICMP destination unreachable that quotes a datagram from or to UDP 67, 68 or 4011. */
  ICMP_ERROR: 2,
  ARP: 3,
  /** Any other IPv4: its source is alive. */
  IPV4_OTHER: 4,
} as const;
export type Skim = (typeof Skim)[keyof typeof Skim];

const DESTINATION_UNREACHABLE = 3;
const ICMP_HEADER = 8;

/**
 * Sorts one Ethernet frame without allocating anything. Later fragments are OTHER: they show no ports.
 *
 * @param bytes the memory that `view` covers too; `offset` indexes both
 * @param offset where the frame begins
 * @param captured bytes present; they must lie within `view`
 */
export function skimEthernet(bytes: Uint8Array, view: DataView, offset: number, captured: number): Skim {
  // The common case first: untagged IPv4 with a plain header of 20 bytes.
  if (captured >= ETHERNET_HEADER + IPV4_HEADER && view.getUint32(offset + 12) >>> 8 === 0x080045) {
    return skimIpv4(bytes, view, offset + ETHERNET_HEADER, offset + captured);
  }
  const at = etherTypeOffset(view, offset, captured);
  if (at < 0) return Skim.OTHER;
  const etherType = view.getUint16(at);
  if (etherType === EtherType.IPV4) return skimIpv4(bytes, view, at + 2, offset + captured);
  return etherType === EtherType.ARP ? Skim.ARP : Skim.OTHER;
}

/** The same for a bare IPv4 datagram at `offset`, of which the bytes up to `end` were captured. */
export function skimIpv4(bytes: Uint8Array, view: DataView, offset: number, end: number): Skim {
  if (offset + IPV4_HEADER > end) return Skim.OTHER;
  const versionAndLength = bytes[offset] ?? 0;
  if (versionAndLength < 0x45 || versionAndLength > 0x4f) return Skim.OTHER;
  if ((view.getUint16(offset + 6) & 0x1fff) !== 0) return Skim.OTHER;
  const protocol = bytes[offset + 9] ?? 0;
  const next = offset + (versionAndLength & 0x0f) * 4;
  if (protocol === IpProtocol.UDP) return isDhcp(bytes, view, next, end) ? Skim.DHCP : Skim.IPV4_OTHER;
  if (protocol === IpProtocol.ICMP) return isDhcpError(bytes, view, next, end) ? Skim.ICMP_ERROR : Skim.IPV4_OTHER;
  return Skim.IPV4_OTHER;
}

/**
 * Where the IPv4 header of an Ethernet frame begins, behind any VLAN tags; -1 if there is none, or less than its
 * fixed 20 bytes. Its source address stands 12 bytes further on.
 */
export function ipv4HeaderOffset(view: DataView, offset: number, captured: number): number {
  const at = etherTypeOffset(view, offset, captured);
  if (at < 0 || view.getUint16(at) !== EtherType.IPV4 || at + 2 + IPV4_HEADER > offset + captured) return -1;
  return view.getUint8(at + 2) >>> 4 === 4 ? at + 2 : -1;
}

/** The UDP header at `offset` has a DHCP port, and what was captured behind it may be BOOTP (op 1 or 2, hlen up to 16). */
function isDhcp(bytes: Uint8Array, view: DataView, offset: number, end: number): boolean {
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
  if ((view.getUint16(quoted + 6) & 0x1fff) !== 0) return false;
  const ports = quoted + (versionAndLength & 0x0f) * 4;
  if (ports + 4 > end) return false;
  return isDhcpPort(view.getUint16(ports)) || isDhcpPort(view.getUint16(ports + 2));
}
