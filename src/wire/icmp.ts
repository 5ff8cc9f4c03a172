import { FRAGMENT_OFFSET, IPV4_HEADER, IpProtocol } from "./ipv4.js";

/** An ICMP destination unreachable (RFC 792) and the datagram that it returns to its sender. Network order throughout. */
export interface IcmpError {
  /** 3 destination unreachable. */
  readonly type: number;
  /** 1 host, 3 port; 9, 10, 13 refused by a filter (RFC 1812 §5.2.7.1). */
  readonly code: number;
  /** Who sends the error, and to whom. */
  readonly src: number;
  readonly dst: number;
  /** From the header of the datagram that could not be delivered. */
  readonly quoted: QuotedDatagram;
}

export interface QuotedDatagram {
  readonly id: number;
  readonly src: number;
  readonly dst: number;
  readonly srcPort: number;
  readonly dstPort: number;
}

const DESTINATION_UNREACHABLE = 3;
const ICMP_HEADER = 8;

/**
 * The ICMP error of the IPv4 datagram at `ip`, of which the bytes up to `end` are at hand; null if it is none, is cut
 * before the ports, or quotes no UDP.
 */
export function decodeIcmpError(view: DataView, ip: number, end: number): IcmpError | null {
  const icmp = payload(view, ip, end);
  if (icmp < 0 || icmp + ICMP_HEADER > end) return null;
  if (view.getUint8(ip + 9) !== IpProtocol.ICMP || !isFirst(view, ip)) return null;
  if (view.getUint8(icmp) !== DESTINATION_UNREACHABLE) return null;
  const quoted = icmp + ICMP_HEADER;
  const udp = payload(view, quoted, end);
  if (udp < 0 || udp + 4 > end) return null;
  if (view.getUint8(quoted + 9) !== IpProtocol.UDP || !isFirst(view, quoted)) return null;
  return {
    type: view.getUint8(icmp),
    code: view.getUint8(icmp + 1),
    src: view.getUint32(ip + 12),
    dst: view.getUint32(ip + 16),
    quoted: {
      id: view.getUint16(quoted + 4),
      src: view.getUint32(quoted + 12),
      dst: view.getUint32(quoted + 16),
      srcPort: view.getUint16(udp),
      dstPort: view.getUint16(udp + 2),
    },
  };
}

/** Where the payload behind the IPv4 header at `ip` begins; -1 if that is no header, or ends beyond `end`. */
function payload(view: DataView, ip: number, end: number): number {
  if (ip + IPV4_HEADER > end) return -1;
  const versionAndLength = view.getUint8(ip);
  if (versionAndLength < 0x45 || versionAndLength > 0x4f) return -1;
  const next = ip + (versionAndLength & 0x0f) * 4;
  return next <= end ? next : -1;
}

function isFirst(view: DataView, ip: number): boolean {
  return (view.getUint16(ip + 6) & FRAGMENT_OFFSET) === 0;
}
