import { pseudoHeaderSum, sumIpv4Addresses } from "../../checksum/internet.js";
import { lastSighting, type Message, type Sighting } from "../../lease/message.js";
import { formatIpv4 } from "../../wire/addresses.js";
import { hex16 } from "./words.js";

/** The arithmetic of checksums, worked on one frame. */

const UDP = 17;

/** The sentence that shows a stored sum to be the pseudo-header's alone; null if the frame does not tell. */
export function partialArithmetic(message: Message, frame: string): string | null {
  const sighting = lastSighting(message);
  const { stored, expected } = sighting.checksum;
  if (stored === null || pseudoHeader(sighting) === null) return null;
  const complete = expected === null ? "" : `; complete, it would be ${hex16(expected)}`;
  return `The ${message.kind} in ${frame} carries UDP checksum ${hex16(stored)}, the sum of the pseudo-header alone${complete}.`;
}

/** How to work it out on paper; empty if the frame does not tell. */
export function partialSum(message: Message): string[] {
  const terms = pseudoSum(message);
  const left = "The sender left the rest to be filled in by hardware, and at this point nothing had done so.";
  return terms.length === 0 ? [] : [...terms, left];
}

/** The terms of a pseudo-header and their sum; empty if the frame does not tell. */
export function pseudoSum(message: Message): string[] {
  const header = pseudoHeader(lastSighting(message));
  return header === null ? [] : [`The pseudo-header sums up to ${hex16(header.sum)}: ${header.terms}.`];
}

/** "10.8.12.1 + 10.8.12.150 + protocol 17 + UDP length 308", and their sum; null if the frame has no UDP. */
function pseudoHeader({ frame: { ip, udp } }: Sighting): { terms: string; sum: number } | null {
  if (ip === null || udp === null) return null;
  return {
    terms: `${formatIpv4(ip.src)} + ${formatIpv4(ip.dst)} + protocol 17 + UDP length ${udp.length}`,
    sum: pseudoHeaderSum(sumIpv4Addresses(ip.src, ip.dst), UDP, udp.length),
  };
}

/** What a wrong sum tells of how it came about; one or two sentences. */
export function badArithmetic(message: Message, frame: string): string {
  const sighting = lastSighting(message);
  const { stored, expected, pattern } = sighting.checksum;
  if (stored === null || expected === null) return `The UDP checksum of the ${message.kind} in ${frame} is wrong.`;
  const values = `The ${message.kind} in ${frame} carries UDP checksum ${hex16(stored)}; right would be ${hex16(expected)}`;
  switch (pattern) {
    case "no-pseudo-header": {
      const header = pseudoHeader(sighting);
      const sum = header === null ? "" : `, ${hex16(header.sum)}`;
      return `${values}. The difference is exactly the sum of the pseudo-header${sum}: the mark of an nftables rule that sets the checksum to 0 while it is still owed.`;
    }
    case "header-only":
      return `${values}. ${hex16(stored)} covers the headers and none of the data, as QEMU 9.2.0 computes it for user-mode virtio-net.`;
    case "bit-flip":
      return `${values}. They differ by ${hex16(flipped(stored, expected))}, a single bit of one 16-bit word: the frame was damaged after its checksum was made.`;
    case "outer-of-partial":
      return `${values}. It would be right once the sum of the packet inside the tunnel is completed: offload of an encapsulated packet.`;
    default:
      return `${values}. It is not the sum of the pseudo-header either, so it is not partial: bytes were changed after the sum was made (an address rewritten, a damaged copy), or the sum itself was computed wrongly.`;
  }
}

/** The smaller way round from one sum to the other in one's complement arithmetic. */
function flipped(stored: number, expected: number): number {
  const up = (stored + 0xffff - expected) % 0xffff;
  return Math.min(up, 0xffff - up);
}
