import { pickCapture } from "../findings/remedies/capture.js";
import { findDamage } from "../findings/remedies/damage.js";
import { hex16, list } from "../findings/prose/words.js";
import { formatIpv4 } from "../wire/addresses.js";
import { pseudoHeaderWords, type DumpedDatagram } from "./dump.js";
import type { LogFinding, Who } from "./finding.js";
import { keep } from "./client-cycle.js";
import type { Place } from "./place.js";

const SERVER = 67;
const CLIENT = 68;

/** Lines alike: the same addresses, ports, length, and mistake. */
interface Alike {
  readonly datagram: DumpedDatagram;
  readonly places: Place[];
  count: number;
}

/** More different datagrams than this are only counted. */
const MOST_KINDS = 1000;

/** What lines of tcpdump show of checksums, without a capture. */
export class DumpedSums {
  readonly #alike = new Map<string, Alike>();
  total = 0;

  take(datagram: DumpedDatagram, place: Place): void {
    if (!isDhcp(datagram)) return;
    this.total += 1;
    const { verdict, pattern } = datagram.checksum;
    if (verdict !== "partial" && verdict !== "bad") return;
    const key = [datagram.src, datagram.dst, datagram.sourcePort, verdict, pattern].join(" ");
    const known = this.#alike.get(key);
    if (known !== undefined) {
      known.count += 1;
      keep(known.places, place);
    } else if (this.#alike.size < MOST_KINDS) {
      this.#alike.set(key, { datagram, places: [place], count: 1 });
    }
  }

  *findings(): Generator<LogFinding> {
    for (const alike of this.#alike.values()) {
      const [from] = alike.places;
      const to = alike.places.at(-1);
      if (from === undefined || to === undefined) continue;
      const partial = alike.datagram.checksum.verdict === "partial";
      yield {
        code: partial ? "partial-seen" : "bad-seen",
        severity: partial ? "note" : "warning",
        confidence: "certain",
        alternatives: [],
        who: whose(alike.datagram),
        evidence: alike.places,
        from,
        to,
        ...(partial ? tellPartial(alike) : tellBad(alike)),
        remedies: partial ? [pickCapture] : [findDamage, pickCapture],
      };
    }
  }
}

function isDhcp({ sourcePort, destinationPort }: DumpedDatagram): boolean {
  return [sourcePort, destinationPort].every((port) => port === SERVER || port === CLIENT);
}

function whose({ sourcePort, src, dst }: DumpedDatagram): Who {
  const reply = sourcePort === SERVER;
  const address = reply ? dst : src;
  return {
    role: reply ? "client" : "server",
    host: null,
    device: null,
    hardware: null,
    address: address === 0xffff_ffff || address === 0 ? null : address,
    program: "tcpdump",
  };
}

function way({ src, dst, sourcePort }: DumpedDatagram): string {
  const what = sourcePort === SERVER ? "a reply" : "a request";
  return `${what} from ${formatIpv4(src)} to ${formatIpv4(dst)}`;
}

function tellPartial({ datagram, count }: Alike): Pick<LogFinding, "summary" | "proof" | "open"> {
  const { words, sum } = pseudoHeaderWords(datagram);
  const { stored, expected } = datagram.checksum;
  const often = count === 1 ? "" : `, ${count} times`;
  return {
    summary: `${way(datagram)} carries only the sum of its pseudo-header (partial)${often}: the rest was left to the hardware`,
    proof: [
      `${list(words.map(hex16))} (addresses, protocol 17, UDP length ${datagram.length}) add up to ${hex16(sum)}, carries added back in, and that is what the packet holds${expected === null ? "" : `, not ${hex16(expected)}`}.`,
      stored === sum ? "No damage gives this value but by a chance of 1 in 65535." : "",
    ].filter((sentence) => sentence !== ""),
    open: [
      "Whether the receiver minds: on the sender's own host, and on a bridge, healthy packets look the same. What counts is the sum at the guest's own port, and whether its client goes on asking.",
    ],
  };
}

function tellBad({ datagram, count }: Alike): Pick<LogFinding, "summary" | "proof" | "open"> {
  const { stored, expected, pattern } = datagram.checksum;
  const { sum } = pseudoHeaderWords(datagram);
  const often = count === 1 ? "" : `, ${count} times`;
  const values = `${hex16(stored ?? 0)} where ${hex16(expected ?? 0)} belongs`;
  return {
    summary: `${way(datagram)} has a wrong checksum that no offload leaves behind${often}`,
    proof: [
      `It holds ${values}. The sum of the pseudo-header, which offload would have left, is ${hex16(sum)}.`,
      patternText(pattern),
    ].filter((sentence) => sentence !== ""),
    open: ["Where it was spoiled: captures at both ends of the way, compared byte by byte, show that."],
  };
}

function patternText(pattern: DumpedDatagram["checksum"]["pattern"]): string {
  switch (pattern) {
    case "no-pseudo-header":
      return "The value is the sum without its pseudo-header: that is what nftables' `udp checksum set 0` and a later completion leave.";
    case "header-only":
      return "The value is the sum of the UDP header alone: QEMU 9.2.0 is known for it.";
    case "bit-flip":
      return "One flipped bit explains the difference.";
    case "outer-of-partial":
    case "looks-partial":
    case null:
      return "";
  }
}
