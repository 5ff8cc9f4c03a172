import type { Frame, Ipv4Header, UdpHeader } from "../wire/frame.js";
import type { Checksum } from "./checksum.js";
import { complement, pseudoHeaderSum, sumIpv4Addresses, sumWords } from "./internet.js";
import { badUdpPattern } from "./patterns.js";

const UDP = 17;
const UDP_HEADER = 8;

/**
 * The verdict on the UDP checksum of a frame; null if the frame shows no UDP header.
 *
 * What is summed is what the UDP length says, never Ethernet padding. It can be summed only if it lies within the IP
 * datagram and was captured in full; otherwise the verdict is `unverified`, except that a stored 0 is `absent` all the same.
 */
export function udpChecksum(frame: Frame): Checksum | null {
  const { ip, udp } = frame;
  if (ip === null || udp === null) return null;
  const stored = udp.storedChecksum;
  const partial = pseudoHeaderSum(sumIpv4Addresses(ip.src, ip.dst), UDP, udp.length);
  if (!isWhole(frame.bytes.length, ip, udp)) {
    if (stored === 0) return { verdict: "absent", stored, expected: null, pattern: null };
    return { verdict: "unverified", stored, expected: null, pattern: stored === partial ? "looks-partial" : null };
  }
  const expected = expectedChecksum(frame.bytes, udp, partial);
  if (stored === 0) return { verdict: "absent", stored, expected, pattern: null };
  // A right sum may happen to equal the pseudo-header's, so `good` is tried first.
  if (stored === expected) return { verdict: "good", stored, expected, pattern: null };
  if (stored === partial) return { verdict: "partial", stored, expected, pattern: null };
  return { verdict: "bad", stored, expected, pattern: badUdpPattern(stored, expected, partial, udp) };
}

/** Every byte of the UDP datagram is within the IP datagram and within the `captured` bytes of the frame. */
function isWhole(captured: number, ip: Ipv4Header, udp: UdpHeader): boolean {
  const end = udp.offset + udp.length;
  return !ip.moreFragments && udp.length >= UDP_HEADER && end <= ip.offset + ip.totalLength && end <= captured;
}

/** The sum over pseudo-header, header without the checksum field, and data. A 0 is sent as 0xffff: 0 means none (RFC 768). */
function expectedChecksum(bytes: Uint8Array, udp: UdpHeader, partial: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = udp.src + udp.dst + udp.length;
  const data = sumWords(view, udp.offset + UDP_HEADER, udp.offset + udp.length);
  return complement(partial + header + data) || 0xffff;
}

/** Of what is no UDP datagram, or too short to have a checksum. */
export const UNVERIFIED: Checksum = { verdict: "unverified", stored: null, expected: null, pattern: null };
