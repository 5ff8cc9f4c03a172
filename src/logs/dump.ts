import type { Checksum } from "../checksum/checksum.js";
import { pseudoHeaderSum, sumIpv4Addresses } from "../checksum/internet.js";
import { badUdpPattern } from "../checksum/patterns.js";
import { parseIpv4 } from "../wire/addresses.js";

const UDP = 17;
const UDP_HEADER = 8;
/** Without options, which DHCP packets have none of. */
const IP_HEADER = 20;

/** What a line of `tcpdump -vv` says of a UDP datagram. */
export interface DumpedDatagram {
  readonly src: number;
  readonly dst: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The UDP length, its header included. */
  readonly length: number;
  readonly checksum: Checksum;
}

const HEADER = /\bIP \(tos .*\bproto UDP \(17\), length (\d{1,5})/;
const DATAGRAM =
  /(?:^|[\s)])(\d+\.\d+\.\d+\.\d+)\.(\d{1,5}|bootps|bootpc) > (\d+\.\d+\.\d+\.\d+)\.(\d{1,5}|bootps|bootpc): \[(bad udp cksum 0x([0-9a-f]{1,4}) -> 0x([0-9a-f]{1,4})!|udp sum ok|no cksum)\](.*)$/;
/** "BOOTP/DHCP, Reply, length 300": the length of the data. */
const DATA_LENGTH = /\blength (\d{1,5})\b/;
const PORTS: Readonly<Record<string, number>> = { bootps: 67, bootpc: 68 };

/**
 * Reads what `tcpdump -vv` prints of UDP datagrams: the IP header in one line, the addresses and the checksum in the
 * next, or all in one line as it is often pasted. Addresses must be numbers (`-n`), ports may be names.
 */
export class DumpReader {
  #ipLength: number | null = null;

  /** @returns null for any other line, and where the length is not told, without which there is no arithmetic */
  read(text: string): DumpedDatagram | null {
    const header = HEADER.exec(text);
    if (header !== null) this.#ipLength = Number(header[1]);
    const [, from = "", source = "", to = "", target = "", sum = "", stored = "", expected = "", rest = ""] =
      DATAGRAM.exec(text) ?? [];
    const src = parseIpv4(from);
    const dst = parseIpv4(to);
    if (src === null || dst === null) return null;
    const data = DATA_LENGTH.exec(rest)?.[1];
    const ipLength = this.#ipLength;
    this.#ipLength = null;
    const length = data === undefined ? (ipLength === null ? null : ipLength - IP_HEADER) : Number(data) + UDP_HEADER;
    if (length === null) return null;
    const sourcePort = portOf(source);
    const destinationPort = portOf(target);
    const words = { src, dst, sourcePort, destinationPort, length };
    return { ...words, checksum: checksumOf(sum, Number.parseInt(stored, 16), Number.parseInt(expected, 16), words) };
  }
}

function checksumOf(
  said: string,
  stored: number,
  expected: number,
  { src, dst, sourcePort, destinationPort, length }: Omit<DumpedDatagram, "checksum">,
): Checksum {
  if (said === "udp sum ok") return { verdict: "good", stored: null, expected: null, pattern: null };
  if (said === "no cksum") return { verdict: "absent", stored: 0, expected: null, pattern: null };
  const partial = pseudoHeaderSum(sumIpv4Addresses(src, dst), UDP, length);
  if (stored === partial) return { verdict: "partial", stored, expected, pattern: null };
  const udp = { offset: 0, src: sourcePort, dst: destinationPort, length, storedChecksum: stored };
  return { verdict: "bad", stored, expected, pattern: badUdpPattern(stored, expected, partial, udp) };
}

/** The arithmetic of a partial sum in words of its own, to be followed with a pocket calculator. */
export function pseudoHeaderWords({ src, dst, length }: DumpedDatagram): { words: number[]; sum: number } {
  const words = [src >>> 16, src & 0xffff, dst >>> 16, dst & 0xffff, UDP, length];
  return { words, sum: pseudoHeaderSum(sumIpv4Addresses(src, dst), UDP, length) };
}

function portOf(text: string): number {
  return PORTS[text] ?? Number(text);
}
