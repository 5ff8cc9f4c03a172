import { lastSighting } from "../../lease/message.js";
import type { Reply, ReplyFault } from "../../lease/cycle.js";
import { formatHex, formatIpv4, formatMac } from "../../wire/addresses.js";
import { frameOf, frameOfReply, type LossFacts } from "./facts.js";
import { quoted } from "./foreign-text.js";
import { messagesOf } from "./loss.js";
import type { Reasons } from "./telling.js";
import { lostByLog } from "./testimony.js";
import { capital, count, hex32, list } from "./words.js";

/** Refused, misdirected, or not delivered. */

export function nak(facts: LossFacts): Reasons {
  const naks = facts.lost.flatMap(({ replies }) => replies.filter(({ message }) => message.kind === "NAK"));
  const [first] = naks;
  const who = facts.server === null ? "the server" : `server ${formatIpv4(facts.server)}`;
  const text = first?.message.text ?? "";
  const where =
    first === undefined ? "" : ` (${frameOfReply(first, facts.severalInputs)}, ${facts.clock(first.message.instant)})`;
  return {
    because: `${who} answered with DHCPNAK${text === "" ? ", without saying why" : `: "${quoted(text)}"`}`,
    why: [
      `${facts.witness === "nak-obeyed" ? "The client obeyed the DHCPNAK" : "What the client did with the DHCPNAK is not in view"}${where}${facts.witness === "nak-obeyed" ? " and began anew with DISCOVER" : ""}.`,
      ...foreignNak(first, facts),
    ],
    also: naks.length > 1 ? [`It is the first of ${naks.length}.`] : [],
    not: ["Not a matter of checksums or of delivery: the refusal arrived."],
    open: ["Why it refused, only its log tells."],
  };
}

/** A NAK of another server than the one that gave the lease. */
function foreignNak(reply: Reply | undefined, { finding }: LossFacts): string[] {
  const from = reply?.message.serverId ?? null;
  const granted = finding.diagnoses.map(({ cycle }) => (cycle.kind === "renewal" ? cycle.lease.server : null));
  const other = granted.find((server) => server !== null && server !== from);
  return from === null || other === undefined || other === null
    ? []
    : [
        `The lease had been given by ${formatIpv4(other)}, the refusal comes from ${formatIpv4(from)}: two servers disagree.`,
      ];
}

const FAULTS: Readonly<Record<ReplyFault, string>> = {
  "other-xid": "another transaction number (xid) than the request",
  "other-chaddr": "another client's hardware address (chaddr)",
  "other-server": "another server's identifier than the one that the client chose",
  "no-server-id": "no server identifier (option 54)",
  "no-lease-time": "no lease time (option 51)",
  "no-address": "no address (yiaddr is 0.0.0.0)",
  "no-message-type": "no DHCP message type (option 53)",
};

export function wrongReply(facts: LossFacts): Reasons {
  const faulty = facts.ignored.filter(({ fault }) => fault !== null);
  const counts = new Map<ReplyFault, number>();
  for (const { fault } of faulty) {
    if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  const faults = [...counts].sort((a, b) => b[1] - a[1]).map(([fault]) => FAULTS[fault]);
  const wrong = faults.length === 0 ? "something that does not fit the request" : list(faults);
  const hedge = facts.finding.confidence === "certain" ? "" : ", most likely why the client ignored it";
  const [first] = faulty;
  return {
    because: `what came back has ${wrong}${hedge}`,
    why: [
      ...(first === undefined ? [] : [difference(first, facts)]),
      `${count(faulty.length, "such reply")} came, and no other that the client could have taken.`,
    ],
    also: ["A client must drop a reply that is not for its transaction (RFC 2131, section 4.4.1)."],
    not: ["Not a matter of checksums."],
    open: [],
  };
}

function difference(reply: Reply, facts: LossFacts): string {
  const { message, attempt, fault } = reply;
  const mac = lastSighting(message).frame.link?.src ?? null;
  const sender = `${formatIpv4(message.src)}${mac === null ? "" : `, Ethernet address ${formatMac(mac)}`}`;
  const frame = `${capital(frameOfReply(reply, facts.severalInputs))} (${message.kind} from ${sender})`;
  const asked = attempt.message;
  switch (fault) {
    case "other-xid":
      return `${frame} has xid ${hex32(message.xid)}, the request ${hex32(asked.xid)}.`;
    case "other-chaddr":
      return `${frame} is for ${formatHex(message.dhcp.chaddr)}, the request came from ${formatHex(asked.dhcp.chaddr)}.`;
    case "other-server":
      return `${frame} names server ${addressOf(message.serverId)}, the request had chosen ${addressOf(asked.serverId)}.`;
    default:
      return `${frame} has ${fault === null ? "a fault" : FAULTS[fault]}.`;
  }
}

function addressOf(address: number | null): string {
  return address === null ? "none" : formatIpv4(address);
}

export function notDelivered(facts: LossFacts): Reasons {
  const byLog = lostByLog(facts);
  if (byLog !== null) return byLog;
  const { ignored, lost } = facts;
  const replies = ignored.length > 0;
  const messages = replies ? ignored.map(({ message }) => message) : lost.map(({ message }) => message);
  const seen = namesOf(messages.map(({ sightings }) => sightings));
  const [next, ...beyond] = laterPoints(facts, replies).filter((name) => !seen.includes(name));
  const there = next === undefined ? "a later capture point" : quoted(next);
  const here = list(seen.map((name) => quoted(name)));
  const last = seen.at(-1);
  const what = replies ? count(ignored.length, "reply") : messagesOf(lost);
  const verb = messages.length === 1 ? "was" : "were";
  const frame = messages[0]?.sightings.at(-1);
  return {
    because: `${what} ${verb} seen at ${here} and never arrived at ${there}: lost ${seen.length > 1 && last !== undefined ? `between ${quoted(last)} and there, ` : ""}on the way ${replies ? "to the client" : "to the server"}`,
    why: [
      ...(frame === undefined
        ? []
        : [
            `${messages.length === 1 ? "It is" : "The first is"} ${frameOf(frame, true)}, ${facts.clock(frame.instant)}; no frame at ${there} shows it.`,
          ]),
      "Other messages of this client in the same direction pass both points, and both were watching at that time.",
      ...(beyond.length === 0
        ? []
        : [
            `Nor did ${messages.length === 1 ? "it" : "they"} reach ${list(beyond.map((name) => quoted(name)))}, which lies behind it.`,
          ]),
    ],
    also: [],
    not: [
      ...(replies ? ["Not a silent server: it answered."] : []),
      "Not the checksum: what is not delivered cannot be refused.",
    ],
    open: ["What drops them between the two points, the packets do not tell.", ...letThrough(facts, replies)],
  };
}

/** Whoever looks for what drops them must know if it did so to the end. */
function letThrough({ taken, lost, clock, severalInputs }: LossFacts, replies: boolean): string[] {
  const last = lost.at(-1)?.message.order ?? Infinity;
  if (taken === null || taken.attempt.message.order < last) return [];
  const what = replies ? "a reply came through" : "its request was answered";
  return [
    `At ${clock(taken.message.instant)} ${what} again (${frameOfReply(taken, severalInputs)}): it may be over, or spare that kind.`,
  ];
}

/** Points at which other messages of this direction were seen, in the order in which most of them met them. */
function laterPoints({ finding }: LossFacts, replies: boolean): string[] {
  const attempts = finding.diagnoses.flatMap(({ cycle }) => cycle.attempts);
  const messages = replies
    ? attempts.flatMap((attempt) => attempt.replies.map(({ message }) => message))
    : attempts.map(({ message }) => message);
  const longestFirst = [...messages].sort((a, b) => b.sightings.length - a.sightings.length);
  return namesOf(longestFirst.map(({ sightings }) => sightings));
}

function namesOf(
  sightings: readonly (readonly { readonly point: { readonly input: string; readonly interface: string | null } }[])[],
): string[] {
  return [...new Set(sightings.flat().map(({ point }) => point.interface ?? point.input))];
}

export function portUnreachable(facts: LossFacts): Reasons {
  const errors = facts.lost.flatMap(({ unreachable }) => unreachable);
  const [first] = errors;
  const client = first?.quotes === "reply";
  const because = client
    ? `the client's host answered ${errors.length > 1 ? "the replies" : "the reply"} with ICMP port unreachable: nothing listened on UDP port 68 there`
    : `the server's host answered ${errors.length > 1 ? "the requests" : "the request"} with ICMP port unreachable: no DHCP server listened on UDP port 67 there, or a firewall rule rejected ${errors.length > 1 ? "them" : "it"}`;
  const input = first !== undefined && facts.severalInputs ? ` of ${quoted(first.input)}` : "";
  return {
    because,
    why: [
      ...(first === undefined
        ? []
        : [
            `${errors.length === 1 ? "The ICMP error, in" : `${errors.length} ICMP errors came, the first in`} frame ${first.frameNumber}${input} at ${facts.clock(first.instant)}${errors.length === 1 ? "," : "; it"} quotes the very ${client ? "reply" : "request"}.`,
          ]),
      client
        ? "The reply arrived at the client's host, and its kernel had no socket to give it to."
        : "The server's host is up and reachable; only its DHCP service is not running, or does not listen on that address. A rule of its firewall that rejects looks the same (nft list ruleset there).",
    ],
    also: first === undefined ? [] : ["It is recognised by IP identification and addresses."],
    not: [
      "Not the network: what is quoted in an ICMP error has arrived.",
      "Not the checksum: the kernel checks it first and answers a bad one with nothing.",
    ],
    open: [],
  };
}
