import type { Pattern } from "../checksum/checksum.js";
import type { Cause } from "./cause.js";
import { checksumOf } from "./context.js";
import type { Finding, LossFinding, NoteCode } from "./finding.js";
import { factsOf, leaseIsUnknown, type Background, type LossFacts } from "./prose/facts.js";
import { othersAnswered, silenceOf } from "./prose/server-facts.js";
import { utcClock } from "./prose/words.js";
import * as checksum from "./remedies/checksum.js";
import * as client from "./remedies/client.js";
import * as path from "./remedies/path.js";
import type { Remedy } from "./remedies/remedy.js";
import * as server from "./remedies/server.js";

export type { Remedy } from "./remedies/remedy.js";

/** The remedies for a finding, the one that fits best first; never empty. */
export function remediesFor(finding: Finding, background: Background): Remedy[] {
  return finding.kind === "loss" ? remediesForLoss(finding, background) : [...NOTES[finding.code]];
}

function remediesForLoss(finding: LossFinding, background: Background): Remedy[] {
  const facts = factsOf(finding, background, utcClock);
  const own = remediesForCause(finding.code, facts);
  const unsure = finding.confidence === "possible" && finding.alternatives.length > 0;
  const others = unsure ? finding.alternatives.flatMap((cause) => remediesForCause(cause, facts).slice(0, 1)) : [];
  const ordered =
    unsure && finding.code !== "no-reply" ? [checksum.pickCapture, ...own, ...others] : [...own, ...others];
  return [...new Set(ordered)];
}

function remediesForCause(cause: Cause, facts: LossFacts): Remedy[] {
  const { finding } = facts;
  switch (cause) {
    case "offload-partial":
      return [
        checksum.fillOnHost,
        checksum.tapTxOff,
        checksum.senderTxOff,
        checksum.guestCsumOff,
        checksum.newClient,
        checksum.tcChecksum,
      ];
    case "checksum-bad":
      return remediesForBad(patternOf(finding));
    case "checksum-rejected":
      return [checksum.pickCapture, checksum.fillOnHost, checksum.newClient];
    case "request-partial":
      return [checksum.requestTxOff, checksum.updateServer, server.watchServer];
    case "request-bad":
      return [checksum.findDamage, checksum.requestTxOff];
    case "no-reply":
      return remediesForSilence(facts);
    case "late-reply":
      return [server.relieveHost, server.protectServer, server.longerLease(secondsOfSilence(facts))];
    case "nak":
      return [server.refusedAddress, server.oneServer];
    case "unicast-blocked":
      return isRelayed(finding) ? [path.allowUnicast, path.overrideServerId] : [path.allowUnicast, path.allowReplies];
    case "wrong-reply":
      return [server.fixServerReply, server.oneServer];
    case "not-delivered":
      return [path.allowReplies, server.watchServer];
    case "port-unreachable":
      return quotesReply(finding) ? [client.openClientPort, client.restartClient] : [server.startServer];
    case "reply-ignored":
      return [checksum.pickCapture, path.allowReplies, client.readClientLog];
    case "no-request":
      return wasSeen(finding) ? [client.restartClient] : [client.wasItThere, client.restartClient];
  }
}

const NOTES: Readonly<Record<NoteCode, readonly Remedy[]>> = {
  "partial-seen": [client.nothingToDo],
  blind: [client.captureElsewhere],
  "two-servers": [server.oneServer],
  "duplicate-address": [server.freeAddress],
  "odd-timers": [server.saneTimers],
  malformed: [server.readServerLog],
  limit: [client.readParts],
  "clock-step": [client.keepTime],
  flood: [server.stopFlood],
};

function remediesForBad(pattern: Pattern | null): Remedy[] {
  switch (pattern) {
    case "no-pseudo-header":
      return [checksum.noZeroing, checksum.fillOnHost, checksum.findDamage];
    case "header-only":
      return [checksum.updateQemu, checksum.fillOnHost];
    default:
      return [checksum.findDamage];
  }
}

function patternOf({ diagnoses }: LossFinding): Pattern | null {
  const replies = diagnoses.flatMap(({ lost }) => lost.flatMap((attempt) => attempt.replies));
  return replies.map(({ message }) => checksumOf(message)).find(({ verdict }) => verdict === "bad")?.pattern ?? null;
}

/** A server that leaves out one client is watched; one that is silent to all is started. */
function remediesForSilence(facts: LossFacts): Remedy[] {
  if (leaseIsUnknown(facts)) return [server.refusedAddress, server.watchServer];
  return othersAnswered(facts) > 0
    ? [server.watchServer, server.startServer]
    : [server.startServer, server.watchServer, server.longerLease(secondsOfSilence(facts))];
}

/** null: it is not known, or not over. */
function secondsOfSilence(facts: LossFacts): number | null {
  const silence = silenceOf(facts);
  if (silence === null) return null;
  return silence.to === null ? null : silence.to - silence.from;
}

function isRelayed({ diagnoses }: LossFinding): boolean {
  return diagnoses.some(({ cycle }) => (cycle.accepted?.message.dhcp.giaddr ?? 0) !== 0);
}

function quotesReply({ diagnoses }: LossFinding): boolean {
  return diagnoses.some(({ lost }) => lost.some(({ unreachable }) => unreachable[0]?.quotes === "reply"));
}

function wasSeen({ diagnoses }: LossFinding): boolean {
  return diagnoses.some(({ cycle }) => cycle.kind === "renewal" && cycle.alive === "seen");
}
