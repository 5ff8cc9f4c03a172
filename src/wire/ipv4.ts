import type { Ipv4Header } from "./frame.js";
import type { Stopped } from "./stopped.js";

/*
 * IPv4, RFC 791 §3.1, big-endian:
 *
 *   0  version (high 4 bits), header length in words of 4 (low 4 bits)
 *   2  total length of the datagram, header included
 *   4  identification
 *   6  flags (0x2000 more fragments), fragment offset in units of 8 (low 13 bits)
 *   8  time to live
 *   9  protocol
 *  10  header checksum
 *  12  source
 *  16  destination
 *  20  options, up to the header length
 */
export const IPV4_HEADER = 20;

/** Of the 16 bits at 6. */
export const MORE_FRAGMENTS = 0x2000;
export const FRAGMENT_OFFSET = 0x1fff;

export const IpProtocol = { ICMP: 1, UDP: 17 } as const;

export interface DecodedIpv4 {
  readonly ip: Ipv4Header | null;
  /** Where the payload begins; -1 if it cannot be reached. */
  readonly next: number;
  /** Where the datagram ends: by its total length, or with the bytes at hand if they end first. */
  readonly end: number;
  readonly stopped: Stopped | null;
}

/** The IPv4 header at `offset`, in bytes that end at `end`. */
export function decodeIpv4(view: DataView, offset: number, end: number): DecodedIpv4 {
  const had = end - offset;
  if (had < IPV4_HEADER) {
    return { ip: null, next: -1, end, stopped: { layer: "ipv4", offset: end, needed: IPV4_HEADER, had } };
  }
  const versionAndLength = view.getUint8(offset);
  if (versionAndLength >>> 4 !== 4) {
    return { ip: null, next: -1, end, stopped: { layer: "ip-version", offset, needed: 0, had: 0 } };
  }
  const headerLength = (versionAndLength & 0x0f) * 4;
  const totalLength = view.getUint16(offset + 2);
  const fragment = view.getUint16(offset + 6);
  const ip: Ipv4Header = {
    offset,
    headerLength,
    totalLength,
    id: view.getUint16(offset + 4),
    ttl: view.getUint8(offset + 8),
    protocol: view.getUint8(offset + 9),
    fragmentOffset: (fragment & FRAGMENT_OFFSET) * 8,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    src: view.getUint32(offset + 12),
    dst: view.getUint32(offset + 16),
    storedChecksum: view.getUint16(offset + 10),
  };
  const stop = (needed: number, there: number): DecodedIpv4 => ({
    ip,
    next: -1,
    end,
    stopped: { layer: "ipv4", offset: offset + there, needed, had: there },
  });
  if (headerLength < IPV4_HEADER) return stop(IPV4_HEADER, headerLength);
  if (headerLength > had) return stop(headerLength, had);
  if (totalLength < headerLength) return stop(headerLength, totalLength);
  const next = offset + headerLength;
  if (totalLength <= had) return { ip, next, end: offset + totalLength, stopped: null };
  return { ip, next, end, stopped: { layer: "ipv4", offset: end, needed: totalLength, had } };
}
