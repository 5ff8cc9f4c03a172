/** Internet sums for the stories, written out plainly and apart from the product's own. */

/** One's-complement sum of big-endian words, folded to 16 bits and not complemented. An odd byte is padded with 0. */
export function onesSum(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let index = 0; index < bytes.length; index += 2) {
    sum += ((bytes[index] ?? 0) << 8) + (bytes[index + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Sum of the IPv4 pseudo-header for UDP: source, destination, protocol 17, UDP length. */
export function pseudoSum(source: number, destination: number, udpLength: number): number {
  let sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + 17 + udpLength;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** The value that goes on the wire for a folded sum; 0 is sent as 0xffff (RFC 768). */
export function wireSum(folded: number): number {
  const complement = ~folded & 0xffff;
  return complement === 0 ? 0xffff : complement;
}
