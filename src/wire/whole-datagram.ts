import type { Reassembled } from "./frame.js";
import { FRAGMENT_OFFSET, MORE_FRAGMENTS } from "./ipv4.js";
import type { Reassembly } from "./reassembly.js";

/** A frame that is made up of fragments. */
export interface WholeFrame {
  readonly bytes: Uint8Array;
  /** What its length would have been on the wire. */
  readonly original: number;
  readonly reassembled: Reassembled;
}

const LONGEST = 0xffff;

/**
 * The frame that would have come without fragmentation, as far as its bytes were captured: the datagram's header is that
 * of its first fragment (RFC 791 §3.2). Null if it would be longer than a datagram can be.
 *
 * @param link the header of the link layer
 * @param first the frame with the first fragment, and where its IPv4 header begins
 */
export function wholeDatagram(
  link: Uint8Array,
  first: { readonly bytes: Uint8Array; readonly ip: number },
  reassembly: Reassembly,
): WholeFrame | null {
  const { bytes, ip } = first;
  const headerLength = ((bytes[ip] ?? 0) & 0x0f) * 4;
  const totalLength = headerLength + reassembly.length;
  if (totalLength > LONGEST) return null;
  const payload = reassembly.payload();
  const whole = new Uint8Array(link.length + headerLength + payload.length);
  whole.set(link);
  whole.set(bytes.subarray(ip, ip + headerLength), link.length);
  whole.set(payload, link.length + headerLength);
  unfragment(new DataView(whole.buffer, link.length, headerLength), totalLength);
  const { fragments, overlapped } = reassembly;
  return { bytes: whole, original: link.length + totalLength, reassembled: { fragments, overlapped } };
}

/** Takes the fragmentation out of an IPv4 header. Its checksum stays right or wrong, as it was; none stays none. */
function unfragment(header: DataView, totalLength: number): void {
  const fragment = header.getUint16(6);
  const flags = fragment & ~(MORE_FRAGMENTS | FRAGMENT_OFFSET);
  const stored = header.getUint16(10);
  if (stored !== 0) {
    const once = replaced(stored, header.getUint16(2), totalLength);
    header.setUint16(10, replaced(once, fragment, flags));
  }
  header.setUint16(2, totalLength);
  header.setUint16(6, flags);
}

/** A checksum after one of its words has changed: RFC 1624 §3, equation 3. */
function replaced(checksum: number, before: number, after: number): number {
  const sum = (checksum ^ 0xffff) + (before ^ 0xffff) + after;
  const folded = (sum >>> 16) + (sum & 0xffff);
  return ((folded >>> 16) + (folded & 0xffff)) ^ 0xffff;
}
