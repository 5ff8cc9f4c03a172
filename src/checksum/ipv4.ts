import type { Frame, Ipv4Header } from "../wire/frame.js";
import type { Checksum } from "./checksum.js";
import { complement, sameSum, sumWords } from "./internet.js";
import { isBitFlip } from "./patterns.js";

const IPV4_HEADER = 20;

/**
 * The verdict on the IPv4 header checksum (RFC 791 §3.1); null if the frame shows no IPv4 header.
 * Unlike UDP's it covers the header alone and has no value that means none: 0 is good where it is right, and otherwise
 * `absent`, as captures on the sending host show it when the network card is to fill it in.
 */
export function ipv4Checksum(frame: Frame): Checksum | null {
  const { ip, bytes } = frame;
  if (ip === null) return null;
  const stored = ip.storedChecksum;
  if (ip.headerLength < IPV4_HEADER || ip.offset + ip.headerLength > bytes.length) {
    return { verdict: stored === 0 ? "absent" : "unverified", stored, expected: null, pattern: null };
  }
  const expected = expectedChecksum(bytes, ip);
  if (sameSum(stored, expected)) return { verdict: "good", stored, expected, pattern: null };
  if (stored === 0) return { verdict: "absent", stored, expected, pattern: null };
  return { verdict: "bad", stored, expected, pattern: isBitFlip(stored, expected) ? "bit-flip" : null };
}

function expectedChecksum(bytes: Uint8Array, ip: Ipv4Header): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return complement(sumWords(view, ip.offset, ip.offset + ip.headerLength) - ip.storedChecksum);
}
