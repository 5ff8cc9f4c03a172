import { formatIpv4 } from "../wire/addresses.js";
import type { Cause } from "./cause.js";
import type { Finding, LossFinding, NoteCode, NoteFinding } from "./finding.js";
import { factsOf, type Background } from "./prose/facts.js";
import { utcClock } from "./prose/words.js";
import {
  captureElsewhere,
  captureLess,
  keepTime,
  keepWatching,
  pickCapture,
  readParts,
  sameTime,
  seeFragments,
  watchServer,
  wholeFrames,
} from "./remedies/capture.js";
import * as checksum from "./remedies/checksum.js";
import * as client from "./remedies/client.js";
import * as damage from "./remedies/damage.js";
import { FITTING, filledIn, surely, type FittingRemedy } from "./remedies/fitting.js";
import * as load from "./remedies/host-load.js";
import { longerLease } from "./remedies/lease-time.js";
import * as network from "./remedies/network.js";
import * as path from "./remedies/path.js";
import type { Remedy } from "./remedies/remedy.js";
import * as server from "./remedies/server.js";

export type { FittingRemedy } from "./remedies/fitting.js";
export type { Remedy } from "./remedies/remedy.js";

/** The remedies for a finding, the one that fits best first; never empty. */
export function remediesFor(finding: Finding, background: Background): Remedy[] {
  return fittingRemedies(finding, background).map(({ remedy }) => remedy);
}

/** The same, with what the capture shows of whether they apply. */
export function fittingRemedies(finding: Finding, background: Background): FittingRemedy[] {
  return finding.kind === "loss"
    ? fittingLoss(finding, background)
    : FOR_NOTES[finding.code].map((remedy) => surely(filledIn(remedy, "ADDRESS", declined(finding))));
}

/** The address that a DECLINE is about. */
function declined({ evidence }: NoteFinding): string | null {
  const address = evidence[0]?.message?.requested ?? null;
  return address === null ? null : formatIpv4(address);
}

/** All remedies that a finding of this code can bring, whatever the capture shows. */
export function remediesOf(code: Cause | NoteCode): readonly Remedy[] {
  return isNote(code) ? FOR_NOTES[code] : FOR_CAUSES[code];
}

function isNote(code: Cause | NoteCode): code is NoteCode {
  return code in FOR_NOTES;
}

function fittingLoss(finding: LossFinding, background: Background): FittingRemedy[] {
  const facts = factsOf(finding, background, utcClock);
  const own = FITTING[finding.code](facts);
  const unsure = finding.confidence === "possible" && finding.alternatives.length > 0;
  const others = unsure ? finding.alternatives.flatMap((cause) => otherCause(cause, FITTING[cause](facts))) : [];
  const settling = unsure && finding.code !== "no-reply" ? [surely(settlingCapture(finding.code))] : [];
  const all = [...settling, ...own, ...others];
  const known = all.filter(({ remedy: { id } }, index) => all.findIndex(({ remedy }) => remedy.id === id) === index);
  const server = facts.server === null ? null : formatIpv4(facts.server);
  return known.map(({ remedy, isShown }) => ({
    remedy: filledIn(filledIn(remedy, "MAC", finding.binding.client.address), "SERVER", server),
    isShown,
  }));
}

/** Which capture tells what became of a message: behind this point, on the way of replies or that of requests. */
function settlingCapture(code: Cause): Remedy {
  return AT_SERVER.includes(code) ? watchServer : pickCapture;
}

const AT_SERVER: readonly Cause[] = ["request-partial", "request-bad", "unicast-blocked"];

/** The first remedy of a cause that it may be as well. */
function otherCause(cause: Cause, [first]: readonly FittingRemedy[]): FittingRemedy[] {
  if (first === undefined) return [];
  const { remedy, isShown } = first;
  const appliesWhen = `it turns out to be ${cause}${isShown ? "." : `, and ${remedy.appliesWhen}`}`;
  return [{ remedy: { ...remedy, appliesWhen }, isShown: false }];
}

const UNCOMPUTED = longerLease({ silence: null, terms: null });
const LOAD = load.findLoad(null);

const FOR_CAUSES: Readonly<Record<Cause, readonly Remedy[]>> = {
  "offload-partial": [
    checksum.fillOnHost,
    checksum.tapTxOff,
    checksum.senderTxOff,
    checksum.guestCsumOff,
    checksum.vhostOff,
    checksum.newClient,
    checksum.rawServer,
    checksum.tcChecksum,
  ],
  "checksum-bad": [damage.findDamage, damage.noZeroing, damage.updateQemu, checksum.fillOnHost],
  "checksum-rejected": [pickCapture, checksum.fillOnHost, checksum.newClient],
  "request-partial": [watchServer, damage.requestTxOff, damage.updateServer],
  "request-bad": [damage.findDamage, damage.requestTxOff, watchServer],
  "no-reply": [
    server.startServer,
    UNCOMPUTED,
    server.restartServer,
    watchServer,
    load.relieveHost,
    load.limitService,
    load.protectServer,
    server.authoritative,
    server.refusedAddress,
    client.answerArp,
    path.allowReplies,
  ],
  "late-reply": [
    LOAD,
    UNCOMPUTED,
    load.relieveHost,
    load.limitService,
    load.weighService,
    load.protectServer,
    server.restartServer,
  ],
  nak: [server.refusedAddress, network.oneServer],
  "unicast-blocked": [path.allowUnicast, path.overrideServerId, path.allowReplies, watchServer],
  "wrong-reply": [server.fixServerReply, network.oneServer],
  "not-delivered": [path.allowReplies],
  "port-unreachable": [client.openClientPort, client.restartClient, server.startServer],
  "reply-ignored": [pickCapture, path.allowReplies, client.readClientLog, server.onePacket],
  "no-request": [client.wasItThere, client.restartClient],
};

const FOR_NOTES: Readonly<Record<NoteCode, readonly Remedy[]>> = {
  "partial-seen": [client.nothingToDo],
  blind: [captureElsewhere],
  "two-servers": [network.oneServer],
  "duplicate-address": [network.freeAddress],
  "odd-timers": [server.saneTimers],
  malformed: [wholeFrames],
  "fragment-overlap": [seeFragments],
  limit: [readParts],
  gap: [keepWatching],
  drops: [captureLess],
  "clock-step": [keepTime],
  "clock-offset": [sameTime],
  "filled-on-the-way": [client.nothingToDo],
  flood: [network.stopFlood],
};
