import type { UdpHeader } from "../wire/frame.js";
import type { Pattern } from "./checksum.js";
import { complement, sameSum } from "./internet.js";

const UDP_HEADER = 8;

/**
 * Which mistake explains a wrong UDP checksum.
 *
 * Tried in the order of how seldom a random wrong value fits: `no-pseudo-header` 1 in 65 535, `header-only` 2 in
 * 65 535, `bit-flip` 1 in 2048. The first two are exact values of exact mistakes; a bit flip that lands on one of them
 * needs addresses and lengths whose sum is a power of two, and then the bytes alone cannot tell the two apart.
 *
 * @param stored the field as captured: not 0, and neither the right sum nor the pseudo-header's
 * @param expected the right value of the field
 * @param partial the folded sum of the pseudo-header
 */
export function badUdpPattern(stored: number, expected: number, partial: number, udp: UdpHeader): Pattern | null {
  if (isWithoutPseudoHeader(stored, expected, partial)) return "no-pseudo-header";
  if (isHeaderOnly(stored, partial, udp)) return "header-only";
  if (isBitFlip(stored, expected)) return "bit-flip";
  return null;
}

/**
 * nftables' `udp checksum set 0` clears the field of a packet whose sum the kernel still owes (CHECKSUM_PARTIAL) but
 * leaves the debt in place. Whoever pays it, skb_checksum_help() or a device, sums header and data on top of what the
 * field holds; that should have been the pseudo-header's sum and is now 0. The result is the right sum short of the
 * pseudo-header, so that as a complement it is too large by it.
 */
function isWithoutPseudoHeader(stored: number, expected: number, partial: number): boolean {
  return sameSum(stored, expected + partial);
}

/**
 * The sum stopped at the end of the UDP header, as if there were no data. QEMU 9.2.0 set out to complete the sum of a
 * reply in a copy of its first 42 bytes (Ethernet 14, IPv4 20, UDP 8; commit 7987d2be5a, undone by e28fbd1c52). Whether the
 * field is cleared and the pseudo-header's sum put in, or the header is summed with that sum still in the field, comes to
 * the same: pseudo-header, ports, length. The length within the pseudo-header may be that of the datagram, or of the 8
 * bytes that were there. Like a partial sum, the value does not depend on the payload.
 *
 * By its source, net_checksum_calculate() gives up before it writes if the IP length exceeds the bytes it was handed; then
 * the guest finds the pseudo-header's sum untouched, without the flag that says so, and the verdict is `partial`.
 */
function isHeaderOnly(stored: number, partial: number, udp: UdpHeader): boolean {
  const ports = udp.src + udp.dst;
  return (
    sameSum(stored, complement(partial + ports + udp.length)) ||
    sameSum(stored, complement(partial + ports + UDP_HEADER))
  );
}

/**
 * One bit of one 16-bit word is not what was summed: stored and right sum differ by plus or minus a power of two, modulo
 * 0xffff. Which word cannot be told, nor whether it was the checksum itself. Serves any Internet checksum.
 */
export function isBitFlip(stored: number, expected: number): boolean {
  const up = (stored + 0xffff - expected) % 0xffff;
  return isPowerOfTwo(up) || isPowerOfTwo(0xffff - up);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && value < 0x1_0000 && (value & (value - 1)) === 0;
}
