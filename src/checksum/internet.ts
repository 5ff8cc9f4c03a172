/** The Internet checksum, RFC 1071: sums of big-endian 16-bit words in one's complement arithmetic. */

/**
 * The unfolded sum of the words from `start` up to `end`; an odd last byte counts as the high half of a word.
 * Words are taken two at a time: 2^16 is 1 modulo 0xffff, so both halves of a 32-bit word fold to the same sum, and
 * a double holds the sum of a million of them exactly. Independent of the host's byte order.
 */
export function sumWords(view: DataView, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    sum += view.getUint32(at) + view.getUint32(at + 4) + view.getUint32(at + 8) + view.getUint32(at + 12);
  }
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at);
  if (at < end) sum += view.getUint8(at) * 256;
  return sum;
}

/** Brings a sum of up to 53 bits to 16, carries added back in. Gives 0 for 0 alone; any other multiple of 0xffff gives 0xffff. */
export function fold(sum: number): number {
  const to33 = Math.floor(sum / 0x1_0000_0000) + (sum >>> 0);
  const to18 = Math.floor(to33 / 0x1_0000) + (to33 & 0xffff);
  const to17 = (to18 >>> 16) + (to18 & 0xffff);
  return (to17 >>> 16) + (to17 & 0xffff);
}

/** What the checksum field must hold for words that fold to this sum: its one's complement. */
export function complement(sum: number): number {
  return fold(sum) ^ 0xffff;
}

/** Equal in one's complement arithmetic, where 0 and 0xffff are the same number. */
export function sameSum(left: number, right: number): boolean {
  return left % 0xffff === right % 0xffff;
}

/** The words of two IPv4 addresses, unfolded. For IPv6, sumWords over the 32 bytes of both addresses does the same. */
export function sumIpv4Addresses(src: number, dst: number): number {
  return (src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff);
}

/**
 * The folded sum of a pseudo-header (RFC 768; RFC 8200 §8.1 differs only in the width of addresses and length).
 *
 * @param addresses the unfolded sum of both addresses
 * @param protocol the protocol number, 17 for UDP
 * @param length the upper layer's length in bytes, its header included: for UDP the UDP length, not the IP one
 */
export function pseudoHeaderSum(addresses: number, protocol: number, length: number): number {
  return fold(addresses + protocol + (length >>> 16) + (length & 0xffff));
}
