import { fold, pseudoHeaderSum } from "../checksum/internet.js";
import { count, hex16 } from "../findings/prose/words.js";
import type { Code } from "./page.js";

/** What a pasted line proves beyond what its page says. */
export interface Reading {
  readonly says: string;
  /** The page that fits better than the one for all such lines; null: none. */
  readonly code: Code | null;
}

export function readLine(line: string): Reading | null {
  return readCounted(line) ?? readTcpdump(line);
}

/** ISC's counters print nothing before so many packets. */
const LEAST = 5;

/** "N bad udp checksums in M packets", by the rule of ISC's counters; null if it cannot come from them. */
function readCounted(line: string): Reading | null {
  const [, bad = "", seen = ""] = /(\d{1,9}) bad udp checksums in (\d{1,9}) packets/i.exec(line) ?? [];
  const n = Number(bad);
  const m = Number(seen);
  if (m < LEAST || n > m || Math.floor(m / Math.max(1, n)) >= 2) return null;
  const which = n === m ? `All ${m} packets` : `${n} of the ${m} packets`;
  return {
    says: `${which} that this process had looked at since such a line before (or since its start) had arrived, and were thrown away for their checksum. A client that sent ${count(m, "request")} in that time had every one answered, unless broadcast replies to others are among them.`,
    code: null,
  };
}

const UDP = 17;
const UDP_HEADER = 8;
const OCTETS = String.raw`(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})`;
const TCPDUMP = new RegExp(
  String.raw`${OCTETS}\.\w+ > ${OCTETS}\.\w+: \[bad udp cksum 0x([0-9a-f]{1,4}) -> 0x([0-9a-f]{1,4})!\] BOOTP/DHCP, \w+,(?: from [0-9a-f:]+.*?,)? length (\d{1,5})`,
  "i",
);

/** A line of tcpdump -vv has all that the sum of the pseudo-header needs: both addresses and the length of the message. */
function readTcpdump(line: string): Reading | null {
  const found = TCPDUMP.exec(line);
  if (found === null) return null;
  const octets = found.slice(1, 9).map(Number);
  const [stored = 0, right = 0] = found.slice(9, 11).map((digits) => Number.parseInt(digits, 16));
  const length = Number(found[11]) + UDP_HEADER;
  const words = [0, 2, 4, 6].map((at) => (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0));
  const addresses = words.reduce((sum, word) => sum + word, 0);
  const sum = pseudoHeaderSum(addresses, UDP, length);
  const shown = [...words, UDP, length].map((word) => hex16(word).slice(2)).join(" + ");
  const worked = `${shown} = ${hex16(sum).slice(2)}`;
  if (stored === sum) {
    return {
      says: `The sum of its pseudo-header is ${worked}, and that is what it carries: it is partial, not damaged.`,
      code: "partial",
    };
  }
  const short = fold(right + sum) === stored;
  return {
    says: `The sum of its pseudo-header is ${worked}, and it carries ${hex16(stored).slice(2)}: this is no partial checksum.`,
    code: short ? "no-pseudo-header" : "bad",
  };
}
