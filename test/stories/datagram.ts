import type { DhcpFields } from "./dhcp.js";
import { onesSum, pseudoSum, wireSum } from "./sums.js";
import type { MessageName, SumVerdict } from "./types.js";

export interface Endpoint {
  mac: string;
  ip: number;
  port: number;
}

/** One DHCP message under way, with what the host's kernel knows about its sum beside the bytes. */
export interface Datagram {
  readonly id: number;
  readonly direction: "request" | "reply";
  readonly name: MessageName;
  /** the guest that sent it or that it is delivered to */
  readonly client: string;
  readonly fields: DhcpFields;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ttl: number;
  readonly ipId: number;
  readonly tos: number;
  readonly payload: Uint8Array;
  /** the UDP checksum field as stored */
  readonly checksum: number;
  /** the mark "sum not ready" still travels with the frame (CHECKSUM_PARTIAL, VIRTIO_NET_HDR_F_NEEDS_CSUM) */
  readonly unfinished: boolean;
}

function udpHeader(datagram: Datagram, checksum: number): Uint8Array {
  const length = 8 + datagram.payload.length;
  const words = [datagram.source.port, datagram.destination.port, length, checksum];
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

function pseudo(datagram: Datagram): number {
  return pseudoSum(datagram.source.ip, datagram.destination.ip, 8 + datagram.payload.length);
}

/** What a sender that computes the whole sum stores. */
export function fullChecksum(datagram: Datagram): number {
  return wireSum(onesSum(datagram.payload, onesSum(udpHeader(datagram, 0), pseudo(datagram))));
}

/** What a kernel stores that leaves the rest to the device: the sum of the pseudo-header, not complemented. */
export function partialChecksum(datagram: Datagram): number {
  return pseudo(datagram);
}

const verdicts = new WeakMap<Datagram, SumVerdict>();

/** The verdict on the stored bytes alone: absent, good, partial, bad, in this order. */
export function verdictOf(datagram: Datagram): SumVerdict {
  const known = verdicts.get(datagram);
  if (known !== undefined) return known;
  const verdict = freshVerdict(datagram);
  verdicts.set(datagram, verdict);
  return verdict;
}

function freshVerdict(datagram: Datagram): SumVerdict {
  if (datagram.checksum === 0) return "absent";
  if (datagram.checksum === fullChecksum(datagram)) return "good";
  return datagram.checksum === partialChecksum(datagram) ? "partial" : "bad";
}

export function finished(datagram: Datagram): Datagram {
  return { ...datagram, checksum: fullChecksum(datagram), unfinished: false };
}

/**
 * What a device does with an unfinished frame: it sums header and data over whatever stands in the field and stores
 * the complement. Over the pseudo-header's sum that is right; over a field that somebody set to 0 it is not.
 */
export function completed(datagram: Datagram): Datagram {
  if (!datagram.unfinished) return datagram;
  const checksum = wireSum(onesSum(datagram.payload, onesSum(udpHeader(datagram, datagram.checksum))));
  return { ...datagram, checksum, unfinished: false };
}

/** QEMU 9.2.0: the sum is computed over the headers, the data is forgotten. */
export function headerOnly(datagram: Datagram): Datagram {
  const checksum = wireSum(onesSum(udpHeader(datagram, 0), pseudo(datagram)));
  return { ...datagram, checksum, unfinished: false };
}

/** One bit of the payload turned over on the way, the sum left as it was. */
export function damaged(datagram: Datagram, byte: number, bit: number): Datagram {
  const payload = datagram.payload.slice();
  payload[byte] = (payload[byte] ?? 0) ^ (1 << bit);
  return { ...datagram, payload };
}
