import type { Pattern } from "../../checksum/checksum.js";
import { addSeconds } from "../../capture/instant.js";
import { lastSighting } from "../../lease/message.js";
import { formatIpv4 } from "../../wire/addresses.js";
import type { Cause } from "../cause.js";
import { checksumOf } from "../context.js";
import type { LossFinding } from "../finding.js";
import { leaseIsUnknown, type LossFacts } from "../prose/facts.js";
import { loadOf, pressureDuring } from "../prose/host-load.js";
import { nobodyElseAsked, othersAnswered, silenceOf } from "../prose/server-facts.js";
import { utcClock } from "../prose/words.js";
import { pickCapture, watchServer } from "./capture.js";
import * as checksum from "./checksum.js";
import * as client from "./client.js";
import * as damage from "./damage.js";
import * as load from "./host-load.js";
import { isTooShort, leaseTimeFacts, longerLease } from "./lease-time.js";
import * as network from "./network.js";
import * as path from "./path.js";
import type { Remedy } from "./remedy.js";
import * as server from "./server.js";

/** A remedy for what a capture shows. */
export interface FittingRemedy {
  readonly remedy: Remedy;
  /** The capture shows that it applies; false: it does if `appliesWhen`. */
  readonly isShown: boolean;
}

/** @param appliesWhen what has to be found out, where this capture narrows it down */
function perhaps(remedy: Remedy, appliesWhen = remedy.appliesWhen): FittingRemedy {
  return { remedy: { ...remedy, appliesWhen }, isShown: false };
}

/** Its words with what the capture knows of it. @param value null: not known */
export function filledIn(remedy: Remedy, name: string, value: string | null): Remedy {
  if (value === null) return remedy;
  const [command, what, appliesWhen] = [remedy.command, remedy.what, remedy.appliesWhen].map((text) =>
    text?.includes(name) === true ? text.replace(new RegExp(`\\b${name}\\b(?!-)`, "g"), () => value) : (text ?? null),
  );
  return {
    ...remedy,
    command: command ?? null,
    what: what ?? remedy.what,
    appliesWhen: appliesWhen ?? remedy.appliesWhen,
  };
}

/** @param appliesWhen what was seen of its condition */
export function surely(remedy: Remedy, appliesWhen = remedy.appliesWhen): FittingRemedy {
  return { remedy: { ...remedy, appliesWhen }, isShown: true };
}

type Fitting = (facts: LossFacts) => FittingRemedy[];

/** What fits a loss of this cause, the best first; never empty. Conditions that the capture decides are decided. */
export const FITTING: Readonly<Record<Cause, Fitting>> = {
  "offload-partial": ({ finding }) => [
    perhaps(checksum.fillOnHost),
    perhaps(checksum.tapTxOff),
    perhaps(checksum.senderTxOff),
    perhaps(checksum.guestCsumOff),
    // QEMU does not look behind a VLAN tag.
    ...(finding.binding.vlan === "" ? [perhaps(checksum.vhostOff)] : []),
    perhaps(checksum.newClient),
    perhaps(checksum.rawServer),
    perhaps(checksum.tcChecksum),
  ],
  "checksum-bad": (facts) => forBadSums(patternOf(facts)),
  "checksum-rejected": () => [
    surely(pickCapture, "a log does not tell with which checksum the replies came."),
    perhaps(checksum.fillOnHost),
    perhaps(checksum.newClient),
  ],
  "request-partial": () => [
    perhaps(damage.requestTxOff, "the requests arrive at the server with a partial checksum and stay unanswered."),
    perhaps(damage.updateServer, "the same befalls other guests, and only their unicast renewals."),
    perhaps(watchServer),
  ],
  "request-bad": () => [
    surely(damage.findDamage, "the requests come to this point with a wrong checksum."),
    perhaps(damage.requestTxOff, "the guest's own card or driver makes the wrong sums."),
  ],
  "no-reply": forSilence,
  "late-reply": (facts) =>
    wasIdle(facts)
      ? [perhaps(server.restartServer, "it stands still again, and runs on this idle host."), ...longerLeases(facts)]
      : [
          surely(load.findLoad(stillSpan(facts))),
          ...longerLeases(facts),
          perhaps(load.relieveHost),
          perhaps(load.limitService),
          perhaps(load.weighService),
          perhaps(load.protectServer),
        ],
  nak: forRefusal,
  "unicast-blocked": forBlockedUnicast,
  "wrong-reply": ({ ignored }) => [
    surely(server.fixServerReply),
    ...(ignored.some(({ fault }) => fault === "other-server") ? [surely(network.oneServer)] : []),
  ],
  "not-delivered": ({ ignored }) => [
    surely(
      path.allowReplies,
      ignored.length > 0
        ? "replies are seen at one point and not at the one behind it."
        : "requests are seen at one point and not at the one behind it.",
    ),
  ],
  "port-unreachable": ({ lost }) =>
    lost.some(({ unreachable }) => unreachable[0]?.quotes === "reply")
      ? [surely(client.openClientPort), perhaps(client.restartClient, "its DHCP client is not running.")]
      : [surely(server.startServer, "an ICMP error says that nothing listens on UDP port 67.")],
  "reply-ignored": (facts) => [
    ...(isFragmented(facts) ? [surely(server.onePacket)] : []),
    surely(pickCapture),
    perhaps(path.allowReplies, "that capture lacks the replies."),
    perhaps(client.readClientLog),
  ],
  "no-request": ({ finding: { diagnoses } }) =>
    diagnoses.some(({ cycle }) => cycle.kind === "renewal" && cycle.alive === "seen")
      ? [surely(client.restartClient, "the guest ran, and its DHCP client sent nothing.")]
      : [surely(client.wasItThere), perhaps(client.restartClient, "the guest was running at that time.")],
};

function forSilence(facts: LossFacts): FittingRemedy[] {
  if (leaseIsUnknown(facts)) {
    const seen = "the server is silent to this client's renewals and answers its DISCOVER at once.";
    return [surely(refusedAddress(facts), seen), surely(server.authoritative, seen)];
  }
  if (facts.finding.diagnoses.some(({ cycle }) => cycle.kind === "renewal" && cycle.unresolved.client.length > 0)) {
    return [surely(client.answerArp), perhaps(path.allowReplies, "the guest has the address: ARP is dropped.")];
  }
  if (othersAnswered(facts) > 0) {
    return [surely(watchServer, "the server answers others at that time."), perhaps(server.authoritative)];
  }
  const silence = silenceOf(facts);
  const hasOthers = silence !== null && !nobodyElseAsked(silence, facts);
  const isOver = silence !== null && silence.to !== null;
  return [
    hasOthers ? surely(server.startServer, "the server answers nobody.") : perhaps(server.startServer),
    ...(isOver ? longerLeases(facts) : []),
    perhaps(watchServer),
    perhaps(server.restartServer),
    ...(isOver ? [] : longerLeases(facts)),
    ...(wasIdle(facts) ? [] : [perhaps(load.relieveHost), perhaps(load.limitService), perhaps(load.protectServer)]),
  ];
}

/** What was measured of the host that captured speaks against a lack of disk, CPU or memory. */
function wasIdle(facts: LossFacts): boolean {
  const pressure = pressureDuring(facts);
  return pressure !== null && loadOf(pressure) === "idle";
}

/** Only where the lease that is given now would not do. */
function longerLeases(facts: LossFacts): FittingRemedy[] {
  const known = leaseTimeFacts(facts);
  if (!isTooShort(known)) return [];
  const remedy = longerLease(known);
  return [known.silence === null ? perhaps(remedy) : perhaps(remedy, "such a silence can come again.")];
}

/** The seconds around which the server stood still, as journalctl takes them. */
function stillSpan({ lost, late }: LossFacts): { from: string; to: string } | null {
  const [first, last] = [lost[0]?.message.instant, late.at(-1)?.message.instant];
  return first === undefined || last === undefined
    ? null
    : { from: utcClock(first), to: utcClock(addSeconds(last, 1)) };
}

/** The server's log is of use from shortly before the first request on. */
function refusedAddress({ lost }: LossFacts): Remedy {
  const [first] = lost;
  return first === undefined
    ? server.refusedAddress
    : server.refusedSince(utcClock(addSeconds(first.message.instant, -BEFORE)));
}

/** Seconds. */
const BEFORE = 60;

function forRefusal(facts: LossFacts): FittingRemedy[] {
  const { finding, lost } = facts;
  const refused = lost.flatMap(({ replies }) => replies).find(({ message }) => message.kind === "NAK")?.message;
  const by = refused?.serverId ?? null;
  const givers = finding.diagnoses.flatMap(({ cycle }) => (cycle.kind === "renewal" ? (cycle.lease.server ?? []) : []));
  if (by !== null && givers.some((giver) => giver !== 0 && giver !== by)) {
    return [surely(network.oneServer, "the refusal comes from another server than the one that gave the lease.")];
  }
  return by !== null && givers.includes(by)
    ? [surely(refusedAddress(facts), "the server that gave the lease refused to renew it.")]
    : [
        perhaps(refusedAddress(facts), "the refusal comes from the server that gave the lease."),
        perhaps(network.oneServer, "it comes from another server."),
      ];
}

function forBlockedUnicast({ finding, lost }: LossFacts): FittingRemedy[] {
  const isRelayed = finding.diagnoses.some(({ cycle }) => (cycle.accepted?.message.dhcp.giaddr ?? 0) !== 0);
  if (lost.length === 0) {
    const seen = "nobody answers ARP for the address that the server names as its own (option 54).";
    return [surely(path.overrideServerId, seen), perhaps(path.allowReplies, "that address is right: ARP is dropped.")];
  }
  return [
    surely(
      filledIn(path.allowUnicast, "CLIENT-ADDRESS", addressOf(finding)),
      "only renewals by unicast fail, and the broadcast is answered.",
    ),
    ...(isRelayed
      ? [perhaps(path.overrideServerId, "clients are not meant to reach the server directly.")]
      : [perhaps(path.allowReplies, "the server answers, and its answers do not arrive here.")]),
  ];
}

function addressOf({ binding, diagnoses }: LossFinding): string | null {
  const [renewal] = diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const lease = renewal?.lease ?? binding.lease;
  return lease === null ? null : formatIpv4(lease.address);
}

function forBadSums(pattern: Pattern | null): FittingRemedy[] {
  switch (pattern) {
    case "no-pseudo-header":
      return [surely(damage.noZeroing), perhaps(checksum.fillOnHost)];
    case "header-only":
      return [surely(damage.updateQemu, "the checksum covers only the headers."), perhaps(checksum.fillOnHost)];
    default:
      return [surely(damage.findDamage, "the replies come to this point with a wrong checksum.")];
  }
}

function patternOf({ finding }: LossFacts): Pattern | null {
  const replies = finding.diagnoses.flatMap(({ lost }) => lost.flatMap((attempt) => attempt.replies));
  return replies.map(({ message }) => checksumOf(message)).find(({ verdict }) => verdict === "bad")?.pattern ?? null;
}

function isFragmented({ ignored }: LossFacts): boolean {
  return ignored.some(({ message }) => lastSighting(message).frame.reassembled !== null);
}
