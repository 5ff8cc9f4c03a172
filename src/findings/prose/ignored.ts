import type { Reply } from "../../lease/cycle.js";
import { lastSighting, type Message } from "../../lease/message.js";
import { formatIpv4 } from "../../wire/addresses.js";
import { checksumOf } from "../context.js";
import { nameOf } from "../../lease/paths.js";
import { spoiledOnTheWay } from "../legs.js";
import { frameOf, frameOfReply, type LossFacts } from "./facts.js";
import { quoted } from "./foreign-text.js";
import { messagesOf } from "./loss.js";
import { lostMessages } from "./lost-messages.js";
import { proofsOf } from "./proof.js";
import { badArithmetic, partialArithmetic, partialSum, pseudoSum } from "./sums.js";
import type { Reasons } from "./telling.js";
import { latenciesText, longestOf } from "./latencies.js";
import { capital, count, latency, list } from "./words.js";

/** Replies came in time, and the client ignored them: because of their checksum, or for a reason beyond this point. */

const SETTLE_GUEST =
  "A capture at the guest's own port (its tap on the host, frames towards the guest), or inside the guest, settles it.";

export function offloadPartial(facts: LossFacts): Reasons {
  const { confidence, alternatives } = facts.finding;
  const their = facts.ignored.length === 1 ? "its UDP checksum is" : "their UDP checksums are";
  const sums = `${their} partial (left unfinished by checksum offload)`;
  const because = {
    certain: `${ignoredAnswers(facts)} because ${sums}`,
    likely: `${ignoredAnswers(facts)}, most likely because ${sums}`,
    possible: `${ignoredAnswers(facts)}; ${sums}, which may be why`,
  }[confidence];
  const [first] = facts.ignored.filter((reply) => isPartial(reply));
  const arithmetic =
    first === undefined ? null : partialArithmetic(first.message, frameOfReply(first, facts.severalInputs));
  return {
    because,
    why: [...(arithmetic === null ? [] : [arithmetic]), ...contrast(facts, "complete")],
    also: [
      ...(first === undefined ? [] : partialSum(first.message)),
      ...answers(facts),
      ...whatItDid(facts),
      ...clientSoftware(facts),
    ],
    not: [
      ...notSlow(facts),
      ...(first !== undefined && checksumOf(first.message).verdict === "partial"
        ? ["Not damage on the way: the value is exactly what offload leaves."]
        : []),
    ],
    open: [
      ...(alternatives.includes("reply-ignored")
        ? [
            `Whether these replies reached the client at all, or were lost beyond this point, this capture does not tell. ${SETTLE_GUEST}`,
          ]
        : []),
      ...mended(facts),
      ...notWhole(facts),
    ],
  };
}

export function checksumBad(facts: LossFacts): Reasons {
  const { confidence, alternatives } = facts.finding;
  const bad = facts.ignored.filter((reply) => checksumOf(reply.message).verdict === "bad");
  const how = badly(bad);
  const because = {
    certain: `${ignoredAnswers(facts)}, as it must: ${how}`,
    likely: `${ignoredAnswers(facts)}, most likely because ${how}`,
    possible: `${ignoredAnswers(facts)}; ${how}, which may be why`,
  }[confidence];
  const [first] = bad;
  return {
    because,
    why: [
      ...(first === undefined ? [] : [badArithmetic(first.message, frameOfReply(first, facts.severalInputs))]),
      ...(bad.length > 1 ? [samePattern(bad)] : []),
      ...whereSpoiled(bad),
      ...contrast(facts, "right"),
    ],
    also: [...(first === undefined ? [] : pseudoSum(first.message)), ...answers(facts), ...whatItDid(facts)],
    not: [...notSlow(facts), "Not checksum offload: that leaves the sum of the pseudo-header, and these are others."],
    open: alternatives.includes("reply-ignored")
      ? [`Whether the client had another reason to ignore them, this capture does not tell. ${SETTLE_GUEST}`]
      : [],
  };
}

/** From a log alone: the client counted bad checksums, and no frame shows of which kind. */
export function checksumRejected(facts: LossFacts): Reasons {
  return {
    because: "the client itself reports that it threw replies away for their UDP checksum",
    why: [
      "The client's log counts replies that it dropped for a bad UDP checksum: they reached it, in time, and it refused them.",
    ],
    also: answers(facts),
    not: ["Not a slow or silent server: a reply that is refused has arrived."],
    open: [
      "A log does not tell a partial checksum (left unfinished by checksum offload) from a damaged frame. A capture at the guest's own port (its tap on the host) does.",
    ],
  };
}

export function replyIgnored(facts: LossFacts): Reasons {
  const { confidence, alternatives } = facts.finding;
  const mentioned = alternatives.includes("offload-partial");
  const sound = facts.ignored.filter((reply) => isSound(reply));
  const partial = facts.ignored.filter((reply) => isPartial(reply));
  const one = facts.ignored.length === 1;
  const lost = `it refused ${one ? "that answer, or it was" : "these answers, or they were"} lost between this capture point and the client`;
  const came = `${answered(facts)}${sumsOf(facts.ignored.length, sound.length, partial.length)}`;
  const because = {
    certain: `${came}, yet the client went on asking: ${lost}`,
    likely: `${came}, yet the client went on asking; most likely ${lost}`,
    possible: `${came}, yet the client went on asking; it may be that ${lost}`,
  }[confidence];
  return {
    because,
    why: [...soundReplies(sound, facts), ...asIfNoneHadCome(facts)],
    also: answers(facts),
    not: [
      ...notSlow(facts),
      ...(sound.length > 0 && mentioned
        ? ["Not checksum offload alone, it seems: sound replies were ignored as well as partial ones."]
        : []),
    ],
    open: [
      ...inFragments(facts),
      `What became of them beyond this point: a packet filter on the way to the guest, a damaged copy, or a client with a reason of its own. ${SETTLE_GUEST}`,
      ...(mentioned && sound.length === 0 && partial.length > 0
        ? [
            "The ignored replies have partial checksums (left unfinished by checksum offload), which some clients refuse: the other possible cause.",
          ]
        : []),
      ...notWhole(facts),
    ],
  };
}

/** " with sound checksums", where they are of one kind. */
function sumsOf(total: number, sound: number, partial: number): string {
  if (total === sound) return total === 1 ? " with a sound checksum" : " with sound checksums";
  return total === partial ? ` with ${total === 1 ? "a partial checksum" : "partial checksums"}` : "";
}

/** "the server answered all 11 REQUESTs and 2 DISCOVERs". */
export function answered(facts: LossFacts): string {
  const who = facts.server === null ? "the server" : `server ${formatIpv4(facts.server)}`;
  return `${who} answered ${lostMessages(facts)}`;
}

/** "… answered all 11 REQUESTs, but the client ignored the answers". */
function ignoredAnswers(facts: LossFacts): string {
  return `${answered(facts)}, but the client ignored ${facts.ignored.length === 1 ? "the answer" : "the answers"}`;
}

function answers(facts: LossFacts): string[] {
  const { ignored, lost } = facts;
  const [first, second] = ignored;
  if (first === undefined) return [`${capital(messagesOf(lost))} had an answer that the client ignored.`];
  const longest = latency(longestOf(ignored, facts));
  return second === undefined
    ? [`The reply came ${longest === "under 1 ms" ? "at once" : `after ${longest}`}.`]
    : [`${count(ignored.length, "reply")} came, each within ${longest.replace("under ", "")}.`];
}

function whatItDid({ ignored }: LossFacts): string[] {
  const proofs = proofsOf(ignored).slice(0, 2);
  return proofs.length === 0
    ? []
    : [
        `That the client ignored ${ignored.length === 1 ? "it" : "them"} is shown by what it did next: ${list(proofs)}.`,
      ];
}

function asIfNoneHadCome({ ignored }: LossFacts): string[] {
  const proofs = proofsOf(ignored).slice(0, 2);
  return proofs.length === 0
    ? []
    : [`The client went on as if ${ignored.length === 1 ? "it had not" : "none had"} come: ${list(proofs)}.`];
}

/** The reply that it took next, which differs in its checksum: the best proof there is. */
function contrast(facts: LossFacts, sound: "complete" | "right"): string[] {
  const after = facts.ignored.find(({ episode }) => episode?.after)?.episode?.after ?? null;
  if (after === null) {
    if (facts.witness === "client-log") return [];
    return ["No reply that the client took afterwards is in view; one with a good checksum would be the proof."];
  }
  const { verdict } = checksumOf(after.message);
  const frame = `${frameOfReply(after, facts.severalInputs)}, ${facts.clock(after.message.instant)}`;
  switch (verdict) {
    case "good":
      return [
        facts.finding.confidence === "certain" && facts.witness !== "client-log"
          ? `Proof: the client took the first reply with a ${sound} checksum at once (${frame}).`
          : `The next reply that it took has a ${sound} checksum (${frame}).`,
      ];
    case "absent":
      return [`The next reply that it took has no checksum at all (${frame}), which is allowed in IPv4.`];
    case "partial":
      return [
        `The next reply that it took has a partial checksum at this point, too (${frame}): it may have been completed further on.`,
      ];
    case "bad":
      return [`Yet the next reply that it took has a wrong checksum at this point as well (${frame}).`];
    case "unverified":
      return [`The next reply that it took (${frame}) was not captured whole, so that its checksum is not known.`];
  }
}

/** The reply that it took is of a kind that came with a wrong sum before. */
function mended({ ignored, severalInputs }: LossFacts): string[] {
  const after = ignored.find(({ episode }) => episode?.after)?.episode?.after ?? null;
  if (after === null || checksumOf(after.message).verdict !== "good") return [];
  if (!ignored.some(({ message }) => isLike(message, after.message))) return [];
  return [
    `Who completes such replies from ${frameOfReply(after, severalInputs)} on: a remedy may be in place already.`,
  ];
}

/** Sent by the same server in the same way, so that its checksum would have been left to the same one to complete. */
function isLike(a: Message, b: Message): boolean {
  return a.kind === b.kind && a.broadcast === b.broadcast && a.serverId === b.serverId && a.src === b.src;
}

function notSlow(facts: LossFacts): string[] {
  const { ignored } = facts;
  if (ignored.length === 0) return [];
  return longestOf(ignored, facts) > SLOW
    ? []
    : [
        `Not a slow or silent server: ${ignored.length === 1 ? "the answer" : "the answers"} took ${latenciesText(ignored, facts)}.`,
      ];
}

/** Answers within this many seconds come before any client repeats its request. */
const SLOW = 2;

function soundReplies(sound: readonly Reply[], facts: LossFacts): string[] {
  const [first] = sound;
  if (first === undefined) return [];
  const { verdict } = checksumOf(first.message);
  const sum = verdict === "absent" ? "no checksum, which is allowed" : "right checksum";
  const frame = frameOfReply(first, facts.severalInputs);
  const which =
    sound.length === 1
      ? `The reply in ${frame} is sound at this point (${sum})`
      : `${sound.length} ${sound.length === facts.ignored.length ? "replies" : "of the replies"} are sound at this point, the first in ${frame} (${sum})`;
  const so = facts.witness === "sound-replies-ignored" ? ", so that the checksum is not the reason" : "";
  return [`${which}${so}.`];
}

/** Which client software it is matters for what to update. */
function clientSoftware({ finding }: LossFacts): string[] {
  const { software } = finding.binding;
  if (software === null) return [];
  return [
    software.from === "vendor class"
      ? `The client says that it is ${software.name} (vendor class).`
      : `The client seems to be ${software.name}, by the order in which it asks for options.`,
  ];
}

/** Sound once they are put together, which is what packet sockets do not do. */
function inFragments({ ignored }: LossFacts): string[] {
  const pieces = ignored.filter(({ message }) => lastSighting(message).frame.reassembled !== null).length;
  if (pieces === 0) return [];
  const which =
    pieces === ignored.length
      ? pieces === 1
        ? "The ignored reply"
        : "All ignored replies"
      : `${pieces} of the ignored replies`;
  return [
    `${which} came in IPv4 fragments, sound once put together. A client that reads raw packets, as clients do at least until they have an address, cannot put them together and never sees the reply: most likely the reason. Fewer or shorter options in the server's configuration, or a larger MTU on the server's side, make it fit into one packet.`,
  ];
}

/** Replies of which the capture holds only a part. */
function notWhole({ ignored }: LossFacts): string[] {
  const cut = ignored.filter(({ message }) => checksumOf(message).verdict === "unverified");
  if (cut.length === 0) return [];
  return cut.some(({ message }) => lastSighting(message).frame.ip?.moreFragments === true)
    ? [
        "Replies came in fragments: clients that read raw packets cannot put them together, and their checksum is not known here. Fewer options in the server's configuration make them fit into one packet.",
      ]
    : [
        `${cut.length === 1 ? "One ignored reply was" : `${cut.length} ignored replies were`} not captured whole, so that the right checksum is not known: capture again with tcpdump -s 0.`,
      ];
}

function badly(bad: readonly Reply[]): string {
  const [first] = bad;
  const pattern = first === undefined ? null : checksumOf(first.message).pattern;
  switch (pattern) {
    case "no-pseudo-header":
      return "their UDP checksum was computed without the pseudo-header";
    case "header-only":
      return "their UDP checksum covers only the headers";
    case "bit-flip":
      return "they were damaged on the way (one bit flipped, the UDP checksum is wrong)";
    default:
      return "their UDP checksum is wrong";
  }
}

/** Several capture points show between which of them it happened. */
function whereSpoiled(bad: readonly Reply[]): string[] {
  const [leg] = bad.flatMap(({ message }) => spoiledOnTheWay(message) ?? []);
  if (leg === undefined) return [];
  const [from, to] = [quoted(nameOf(leg.from.point)), quoted(nameOf(leg.to.point))];
  const before = leg.from.checksum.verdict === "good" ? "right" : "partial (offload)";
  return [
    `At ${from} the checksum was still ${before} (${frameOf(leg.from, true)}), at ${to} it is wrong (${frameOf(leg.to, true)}): it was spoiled between these two points.`,
  ];
}

function samePattern(bad: readonly Reply[]): string {
  const patterns = new Set(bad.map(({ message }) => checksumOf(message).pattern));
  const [pattern] = patterns;
  return patterns.size === 1 && pattern !== null
    ? `All ${bad.length} wrong checksums are wrong in the same way.`
    : `${bad.length} of the ignored replies have wrong checksums.`;
}

function isPartial({ message }: Reply): boolean {
  const { verdict, pattern } = checksumOf(message);
  return verdict === "partial" || pattern === "looks-partial";
}

function isSound({ message }: Reply): boolean {
  const { verdict } = checksumOf(message);
  return verdict === "good" || verdict === "absent";
}
