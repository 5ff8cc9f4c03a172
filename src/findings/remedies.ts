import type { Pattern } from "../checksum/checksum.js";
import type { Cause } from "./cause.js";
import { checksumOf } from "./context.js";
import type { Finding, LossFinding, NoteCode } from "./finding.js";
import { factsOf, leaseIsUnknown, type Background, type LossFacts } from "./prose/facts.js";
import { othersAnswered } from "./prose/server-facts.js";
import { utcClock } from "./prose/words.js";
import {
  captureElsewhere,
  keepTime,
  pickCapture,
  readParts,
  sameTime,
  watchServer,
  wholeFrames,
} from "./remedies/capture.js";
import * as checksum from "./remedies/checksum.js";
import * as client from "./remedies/client.js";
import * as damage from "./remedies/damage.js";
import * as load from "./remedies/host-load.js";
import { leaseTimeFacts, longerLease, type LeaseTimeFacts } from "./remedies/lease-time.js";
import * as network from "./remedies/network.js";
import * as path from "./remedies/path.js";
import type { Remedy } from "./remedies/remedy.js";
import * as server from "./remedies/server.js";

export type { Remedy } from "./remedies/remedy.js";

/** The remedies for a finding, the one that fits best first; never empty. */
export function remediesFor(finding: Finding, background: Background): Remedy[] {
  return finding.kind === "loss" ? remediesForLoss(finding, background) : [...FOR_NOTES[finding.code]];
}

/** All remedies that a finding of this code can bring, whatever the capture shows. */
export function remediesOf(code: Cause | NoteCode): readonly Remedy[] {
  return isNote(code) ? FOR_NOTES[code] : FOR_CAUSES[code];
}

function isNote(code: Cause | NoteCode): code is NoteCode {
  return code in FOR_NOTES;
}

function remediesForLoss(finding: LossFinding, background: Background): Remedy[] {
  const facts = factsOf(finding, background, utcClock);
  const own = remediesForCause(finding.code, facts);
  const unsure = finding.confidence === "possible" && finding.alternatives.length > 0;
  const others = unsure ? finding.alternatives.flatMap((cause) => remediesForCause(cause, facts).slice(0, 1)) : [];
  const ordered = unsure && finding.code !== "no-reply" ? [pickCapture, ...own, ...others] : [...own, ...others];
  return [...new Map(ordered.map((remedy) => [remedy.id, remedy])).values()];
}

/** Of FOR_CAUSES, what fits this capture. */
function remediesForCause(cause: Cause, facts: LossFacts): readonly Remedy[] {
  const { finding } = facts;
  const computed = (remedies: readonly Remedy[]): Remedy[] =>
    remedies.map((remedy) => (remedy.id === UNCOMPUTED.id ? longerLease(leaseTimeFacts(facts)) : remedy));
  switch (cause) {
    case "checksum-bad":
      return remediesForBad(patternOf(finding));
    case "no-reply":
      if (leaseIsUnknown(facts)) return [server.refusedAddress, server.authoritative, watchServer];
      return computed(othersAnswered(facts) > 0 ? LEFT_OUT : SILENT);
    case "late-reply":
      return computed(FOR_CAUSES["late-reply"]);
    case "unicast-blocked":
      return isRelayed(finding) ? [path.allowUnicast, path.overrideServerId] : [path.allowUnicast, path.allowReplies];
    case "port-unreachable":
      return quotesReply(finding) ? [client.openClientPort, client.restartClient] : [server.startServer];
    case "no-request":
      return wasSeen(finding) ? [client.restartClient] : [client.wasItThere, client.restartClient];
    default:
      return FOR_CAUSES[cause];
  }
}

const UNKNOWN: LeaseTimeFacts = { silence: null, terms: null };
const UNCOMPUTED = longerLease(UNKNOWN);

/** The server answers others. */
const LEFT_OUT = [watchServer, server.authoritative, server.startServer];
/** The server answers nobody. */
const SILENT = [
  server.startServer,
  server.restartServer,
  watchServer,
  UNCOMPUTED,
  load.relieveHost,
  load.limitService,
  load.protectServer,
];

const FOR_CAUSES: Readonly<Record<Cause, readonly Remedy[]>> = {
  "offload-partial": [
    checksum.fillOnHost,
    checksum.tapTxOff,
    checksum.senderTxOff,
    checksum.guestCsumOff,
    checksum.vhostOff,
    checksum.newClient,
    checksum.tcChecksum,
  ],
  "checksum-bad": [damage.findDamage, damage.noZeroing, damage.updateQemu, checksum.fillOnHost],
  "checksum-rejected": [pickCapture, checksum.fillOnHost, checksum.newClient],
  "request-partial": [damage.requestTxOff, damage.updateServer, watchServer],
  "request-bad": [damage.findDamage, damage.requestTxOff],
  "no-reply": [...SILENT, server.authoritative, server.refusedAddress],
  "late-reply": [load.relieveHost, load.limitService, load.weighService, load.protectServer, UNCOMPUTED],
  nak: [server.refusedAddress, network.oneServer],
  "unicast-blocked": [path.allowUnicast, path.allowReplies, path.overrideServerId],
  "wrong-reply": [server.fixServerReply, network.oneServer],
  "not-delivered": [path.allowReplies, watchServer],
  "port-unreachable": [client.openClientPort, client.restartClient, server.startServer],
  "reply-ignored": [pickCapture, path.allowReplies, client.readClientLog],
  "no-request": [client.wasItThere, client.restartClient],
};

const FOR_NOTES: Readonly<Record<NoteCode, readonly Remedy[]>> = {
  "partial-seen": [client.nothingToDo],
  blind: [captureElsewhere],
  "two-servers": [network.oneServer],
  "duplicate-address": [network.freeAddress],
  "odd-timers": [server.saneTimers],
  malformed: [wholeFrames],
  limit: [readParts],
  "clock-step": [keepTime],
  "clock-offset": [sameTime],
  "filled-on-the-way": [client.nothingToDo],
  flood: [network.stopFlood],
};

function remediesForBad(pattern: Pattern | null): Remedy[] {
  switch (pattern) {
    case "no-pseudo-header":
      return [damage.noZeroing, checksum.fillOnHost, damage.findDamage];
    case "header-only":
      return [damage.updateQemu, checksum.fillOnHost];
    default:
      return [damage.findDamage];
  }
}

function patternOf({ diagnoses }: LossFinding): Pattern | null {
  const replies = diagnoses.flatMap(({ lost }) => lost.flatMap((attempt) => attempt.replies));
  return replies.map(({ message }) => checksumOf(message)).find(({ verdict }) => verdict === "bad")?.pattern ?? null;
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
