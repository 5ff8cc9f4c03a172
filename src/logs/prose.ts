import { all, count, duration, list } from "../findings/prose/words.js";
import { formatIpv4 } from "../wire/addresses.js";
import type { ClientCycle, Counted } from "./client-cycle.js";
import type { ClientLog } from "./client-log.js";
import { secondsBetweenPlaces, type Place } from "./place.js";

/** What is said of a cycle. */
export interface Told {
  readonly summary: string;
  readonly proof: readonly string[];
  readonly open: readonly string[];
}

const WHICH_SUM =
  "Whether the sums were left to the hardware and never completed (partial) or spoiled in some other way: the log has no bytes. In a virtual machine, where the replies come from the host or from another guest on it, partial is by far the likelier.";

/** Replies that came, and were thrown away for their checksum. */
export function tellRejected(cycle: ClientCycle, client: ClientLog): Told {
  const dropped = cycle.counted.reduce((sum, { bad }) => sum + bad, 0) + cycle.rejected.length;
  const proof = cycle.counted.map(tellCount);
  if (cycle.rejected.length > 0) {
    proof.push(
      `${client.program} says ${cycle.rejected.length === 1 ? "once" : `${cycle.rejected.length} times`} that it threw a reply away for its checksum (line ${lines(cycle.rejected)}).`,
    );
  }
  return {
    summary: `${whatBecame(cycle)}: the client got answers and threw them away for their UDP checksum (${count(dropped, "reply")} that it counted)`,
    proof,
    open: [WHICH_SUM],
  };
}

/** The arithmetic of ISC's counter: common/packet.c, decode_udp_ip_header(). */
function tellCount({ place, bad, seen, since }: Counted): string {
  const counted = `Line ${place.line}: ${bad} of the ${seen} packets since the counter was last at zero were thrown away.`;
  if (since === null) {
    return `${counted} The log does not show since when, so that some of them may belong to requests from before it.`;
  }
  const { requests, accepted } = since;
  if (requests === 0) return `${counted} The client asked for nothing in that time: these were answers to others.`;
  const asked = `In that time the client sent ${count(requests, "request")}`;
  const took = accepted === 0 ? "took no reply" : `took ${count(accepted, "reply")}`;
  if (bad >= requests && accepted === 0) {
    return `${counted} ${asked} and ${took}: ${all(requests, "request")} ${requests === 1 ? "was" : "were"} answered in time. The server was not too slow, and nothing was lost on the way.`;
  }
  return `${counted} ${asked} and ${took}.`;
}

/** A NAK in a renewal. */
export function tellRefused(cycle: ClientCycle): Told {
  const by = cycle.server === null ? "the server" : formatIpv4(cycle.server);
  return {
    summary: `${by} refused to renew ${addressText(cycle)} (DHCPNAK), and the client gave the address up`,
    proof: [`The client says so itself (line ${cycle.last.line}). A reply that is taken had a good checksum.`],
    open: ["Why the server refused: its own log says that, or the message within the DHCPNAK, which a capture shows."],
  };
}

/** Renewals that only a broadcast saves. */
export function tellUnicastBlocked(cycle: ClientCycle): Told {
  const server = cycle.server === null ? "the server" : formatIpv4(cycle.server);
  return {
    summary: `${addressText(cycle)} was renewed only when the client asked everybody: ${all(cycle.unicast, "unicast request")} to ${server} brought nothing`,
    proof: [
      `The ${cycle.broadcastsInRow === 1 ? "first broadcast" : "second broadcast"} was answered (line ${cycle.last.line}), so that the server was up and the client takes its replies.`,
    ],
    open: [
      "Whether the unicast requests were lost on their way, or the unicast replies on theirs, or the server came back just then: a capture on the server's side shows which.",
    ],
  };
}

/** Requests without a reply that the client took, and no word of why. */
export function tellUnanswered(cycle: ClientCycle, client: ClientLog): Told {
  const asked =
    cycle.kind === "acquisition"
      ? count(cycle.discovers, "DISCOVER")
      : cycle.requests === 0
        ? "its requests"
        : requestsText(cycle);
  return {
    summary: `${whatBecame(cycle)}: the client took no reply to ${asked}`,
    proof: [span(cycle)].filter((sentence) => sentence !== ""),
    open: [
      "Why: a log like this is the same whether the server was silent or late, the replies were lost, or they came and were thrown away for their checksum.",
      silence(client, cycle),
    ].filter((sentence) => sentence !== ""),
  };
}

/** What the absence of ISC's line says. */
function silence({ program, counts }: ClientLog, { requests, discovers }: ClientCycle): string {
  if (program !== "dhclient") return "";
  if (counts && requests + discovers >= 10) {
    return 'This dhclient does print "bad udp checksums" elsewhere in the log. Of so many requests at least five would have been answered and counted, had each been answered with a bad checksum.';
  }
  return 'That there is no line of "bad udp checksums" proves nothing: dhclient prints it after five packets at the earliest, and since 4.3.6 only at debug level.';
}

function whatBecame(cycle: ClientCycle): string {
  const address = addressText(cycle);
  if (cycle.kind === "acquisition") {
    return cycle.end === "granted" ? `${address} was granted only after replies were lost` : "no lease was granted";
  }
  switch (cycle.end) {
    case "lost":
      return `the lease of ${address} ran out`;
    case "granted":
      return `the renewal of ${address} succeeded late`;
    case "refused":
      return `the renewal of ${address} was refused`;
    case "restarted":
    case "open":
      return `${address} is not renewed`;
  }
}

function requestsText({ requests, unicast, broadcast }: ClientCycle): string {
  const ways = [
    unicast === 0 ? "" : `${unicast} to the server`,
    broadcast === 0 ? "" : `${broadcast} to everybody`,
  ].filter((way) => way !== "");
  return `${count(requests, "REQUEST")}${ways.length === 0 ? "" : ` (${list(ways)})`}`;
}

function span({ first, last }: ClientCycle): string {
  const seconds = secondsBetweenPlaces(first, last);
  return seconds === null || seconds <= 0 ? "" : `From line ${first.line} to line ${last.line}, ${duration(seconds)}.`;
}

function addressText({ address }: ClientCycle): string {
  return address === null || address === 0 ? "the address" : formatIpv4(address);
}

function lines(places: readonly Place[]): string {
  const shown = places.slice(0, 5).map(({ line }) => String(line));
  return places.length > shown.length ? `${shown.join(", ")} and others` : list(shown);
}
