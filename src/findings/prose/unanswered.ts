import { addSeconds, type Instant } from "../../capture/instant.js";
import { lastSighting } from "../../lease/message.js";
import { repliedBetween, type Server, type ServerSilence } from "../../lease/servers.js";
import { formatIpv4 } from "../../wire/addresses.js";
import type { Cause } from "../cause.js";
import { checksumOf } from "../context.js";
import { frameOf, frameOfReply, leaseIsUnknown, type LossFacts } from "./facts.js";
import { nobodyElseAsked, othersAnswered, serverFacts, serverName, silenceOf, usualLatency } from "./server-facts.js";
import { latenciesText, latencyBounds } from "./latencies.js";
import { messagesOf } from "./loss.js";
import { lostMessages } from "./lost-messages.js";
import { loadClause, loadSentences, pressureDuring } from "./host-load.js";
import { badArithmetic, partialArithmetic, partialSum } from "./sums.js";
import type { Reasons } from "./telling.js";
import { clientNotFound, serverNotFound } from "./unresolved.js";
import { unwatchedSentences } from "./watch.js";
import { count, greatest, latency, least, type Clock } from "./words.js";

/** No reply came, or it came too late. */

export function noReply(facts: LossFacts): Reasons {
  const { confidence, alternatives } = facts.finding;
  const { clock } = facts;
  const silence = silenceOf(facts);
  const others = othersAnswered(facts);
  const who = serverName(facts);
  const asked = lostMessages(facts);
  const verb = facts.lost.length === 1 ? "has" : "have";
  const pressure = pressureDuring(facts);
  const scope =
    others > 0
      ? `, though ${who} answered others in that time`
      : silence === null
        ? ""
        : `; ${nobodyElseAsked(silence, facts) ? `no DHCP message from ${who} was seen` : `${who} was not seen to answer anybody`} ${silenceSpan(silence, facts)}`;
  const load = pressure === null || silence === null || others > 0 ? "" : `; ${loadClause(pressure)}`;
  const because = {
    certain: `no answer came to ${messagesOf(facts.lost)}${scope}${load}`,
    likely: `${asked} ${verb} no answer in this capture${scope}${load}`,
    possible: `${asked} ${verb} no answer at this point${scope}${load}`,
  }[confidence];
  return {
    because,
    why: [
      `${facts.lost.length === 1 ? "It was" : "They were"} sent ${spanOf(facts)}, ${wayOf(facts)}.`,
      ...(silence === null || others > 0 ? [] : [silenceSentence(silence, facts)]),
      ...(pressure === null || others > 0 ? [] : loadSentences(pressure)),
      ...(others > 0
        ? [
            `In that time ${who} sent ${count(others, "reply")} to other clients: it was alive, and only this client was left out.`,
          ]
        : []),
      ...(silence === null && others === 0 ? [aloneSentence(facts, serverFacts(facts))] : []),
      ...clientNotFound(facts),
      ...(leaseIsUnknown(facts)
        ? [
            "It answered the DISCOVER that followed at once: it takes this client's requests, and knows nothing of the lease (its lease file was lost, or its pool changed). A server that is not authoritative says nothing then instead of DHCPNAK.",
          ]
        : []),
    ],
    also:
      facts.witness === "replies-seen-here"
        ? ["Other replies of this kind pass this capture point, so that an answer sent this way would have been seen."]
        : [],
    not:
      partialRequests(facts) === 0 && soundRequests(facts)
        ? [
            `Not the ${facts.lost.length === 1 ? "request: nothing is wrong with it" : "requests: nothing is wrong with them"} at this point.`,
          ]
        : [],
    open: facts.witness === "server-log" ? [] : [openOfSilence(alternatives, others, facts, clock)],
  };
}

function openOfSilence(alternatives: readonly Cause[], others: number, facts: LossFacts, clock: Clock): string {
  const unwatched = unwatchedSentences(facts).length > 0;
  if (alternatives.includes("reply-ignored") && !unwatched) {
    return "No reply to this client is ever seen here, so replies may have gone past this point. A capture on the server's own interface tells whether it answered.";
  }
  if (alternatives.includes("request-partial")) return PARTIAL_REQUESTS;
  const them = facts.lost.length === 1 ? "this request" : "these requests";
  return others > 0
    ? `Whether ${them} reached the server, a capture on its own interface tells, or its log.`
    : `Whether the server got ${them}, and whether answers were lost on the way here, its log tells: look at ${clock(firstTime(facts))}.`;
}

export function lateReply(facts: LossFacts): Reasons {
  const { late, finding } = facts;
  const took = latenciesText(late, facts);
  const server = serverFacts(facts);
  const usual = usualLatency(
    server,
    late.map((reply) => latencyBounds(reply, facts).least),
  );
  const [first] = late;
  const burst = isBurst(late.map(({ message }) => message.time));
  const habit = usual === null ? "" : `; usually it takes ${latency(usual)}`;
  const silence = silenceOf(facts);
  const hedge = finding.confidence === "certain" ? "" : " most likely";
  const pressure = pressureDuring(facts);
  const load = pressure === null ? "" : `; ${loadClause(pressure)}`;
  return {
    because: `${serverName(facts)} answered ${messagesOf(facts.lost)} only after ${took}, when the client had${hedge} given up on ${facts.lost.length === 1 ? "it" : "them"}${habit}${load}`,
    why: [
      ...(first === undefined
        ? []
        : [
            burst && late.length > 1
              ? `${count(late.length, "reply")} came in one burst at ${facts.clock(first.message.instant)} (from ${frameOfReply(first, facts.severalInputs)} on): the server, or the way to it, stood still and then caught up.`
              : `The first late reply came at ${facts.clock(first.message.instant)} (${frameOfReply(first, facts.severalInputs)}).`,
          ]),
      ...(silence === null ? [] : [silenceSentence(silence, facts)]),
      ...(pressure === null ? [] : loadSentences(pressure)),
    ],
    also: ["By then the client had left that transaction, and a reply to it must be ignored."],
    not:
      !facts.finding.alternatives.includes("offload-partial") &&
      late.some(({ message }) => checksumOf(message).verdict === "partial")
        ? [
            "Not the checksum: that of the late replies is partial (offload), but nobody looks at a reply that comes too late.",
          ]
        : [],
    open:
      pressure === null
        ? [
            "Whether the server or its host stood still, or requests or replies had to wait on the way, the packets do not tell.",
          ]
        : [],
  };
}

export function requestChecksum(facts: LossFacts): Reasons {
  const { code, confidence } = facts.finding;
  const [first] = facts.lost;
  const partial = code === "request-partial";
  const how = partial ? "a partial UDP checksum (left unfinished by checksum offload)" : "a wrong UDP checksum";
  const many = facts.lost.length === 1 ? "carries" : "carry";
  const so = {
    certain: "which is why the server did not answer",
    likely: "most likely why the server did not answer",
    possible: "which may be why the server did not answer",
  }[confidence];
  const frame = first === undefined ? "" : frameOf(lastSighting(first.message), facts.severalInputs);
  const arithmetic =
    first === undefined
      ? null
      : partial
        ? partialArithmetic(first.message, frame)
        : badArithmetic(first.message, frame);
  return {
    because: `${messagesOf(facts.lost)} of the client ${many} ${how}, ${so}`,
    why: [
      ...(arithmetic === null ? [] : [arithmetic]),
      ...(facts.taken === null
        ? []
        : [`A request with a complete checksum was answered (${frameOfReply(facts.taken, facts.severalInputs)}).`]),
    ],
    also: [
      ...(first === undefined || !partial ? [] : partialSum(first.message)),
      "A server that reads raw packets drops what its UDP checksum does not fit; one that uses the kernel's sockets never sees it.",
    ],
    not: [],
    open: partial
      ? [
          "A partial checksum on a request is normal at this point and harmless to most servers; a filter for unicast packets to the server looks the same from here. A capture on the server's own interface settles it: if the requests arrive there unanswered, it is the checksum.",
        ]
      : confidence === "certain"
        ? []
        : ["A capture on the server's own interface shows whether the requests arrive there, and with which checksum."],
  };
}

export function unicastBlocked(facts: LossFacts): Reasons {
  if (facts.lost.length === 0) return serverNotFound(facts);
  const { confidence } = facts.finding;
  const broadcast = facts.taken?.attempt.message.broadcast === true ? facts.taken : null;
  const rescue =
    broadcast === null
      ? "while the broadcast was answered"
      : `while the broadcast was answered in ${latenciesText([broadcast], facts)}`;
  const blocked = {
    certain: "the direct way to the server is blocked",
    likely: "the direct way to the server is most likely blocked",
    possible: "the direct way to the server may be blocked",
  }[confidence];
  const to = facts.lost[0]?.message.dst;
  return {
    because: `${messagesOf(facts.lost)} sent directly to ${to === undefined ? "the server" : formatIpv4(to)} got no answer, ${rescue}: ${blocked}`,
    why: [
      `The unicasts were sent ${spanOf(facts)}.`,
      ...(broadcast === null
        ? []
        : [
            `The broadcast followed at ${facts.clock(broadcast.attempt.message.instant)}; its answer (${frameOfReply(broadcast, facts.severalInputs)})${relayed(broadcast.message.dhcp.giaddr) ? " came through a relay: another way than that of the unicasts" : " came directly from the server"}.`,
          ]),
      ...(facts.witness === "answers-others"
        ? ["It is no single event: the server was alive in that time, or other renewals went the same way."]
        : []),
      "Until that way is open, each renewal has to wait for the broadcast.",
    ],
    also: ["A client renews by unicast from T1 to T2, and by broadcast (rebinding) after that."],
    not: ["Not a dead server: it answered the broadcast."],
    open: facts.finding.alternatives.includes("request-partial")
      ? [PARTIAL_REQUESTS]
      : confidence === "certain"
        ? facts.witness === "server-log"
          ? []
          : ["Whether the requests or the replies are dropped, only a capture on the server's side tells."]
        : [
            "Whether requests or replies are dropped, or the server merely was silent just then, a capture on the server's own interface tells.",
          ],
  };
}

function relayed(giaddr: number): boolean {
  return giaddr !== 0;
}

/** "between 11:02:06 and 11:02:19", "at 11:02:06". */
function spanOf({ lost, clock }: LossFacts): string {
  const [first, last] = [lost[0], lost.at(-1)];
  if (first === undefined || last === undefined) return "";
  return first === last
    ? `at ${clock(first.message.instant)}`
    : `between ${clock(first.message.instant)} and ${clock(last.message.instant)}`;
}

function wayOf({ lost }: LossFacts): string {
  const broadcasts = lost.filter(({ message }) => message.broadcast).length;
  const unicasts = lost.length - broadcasts;
  const each = lost.length === 1 ? "" : "all ";
  if (broadcasts === 0) return `${each}directly to the server`;
  return unicasts === 0 ? `${each}as broadcast` : `${unicasts} directly to the server, ${broadcasts} as broadcast`;
}

function silenceSpan(silence: ServerSilence, facts: LossFacts): string {
  const from = facts.clock(moment(silence.from, facts));
  return silence.to === null ? `from ${from} on` : `from ${from} to ${facts.clock(moment(silence.to, facts))}`;
}

function silenceSentence(silence: ServerSilence, facts: LossFacts): string {
  const { requests, answered } = silence;
  const waited = `${count(requests, "message")} of clients ${answered === 0 ? "in that time" : "waited"}`;
  const after =
    answered === 0 ? "" : answered === requests ? ", all answered afterwards" : `, ${answered} answered afterwards`;
  const alone = nobodyElseAsked(silence, facts) ? "; nobody else asked it" : "";
  return `No DHCP message from ${serverName(facts)} to anybody was seen ${silenceSpan(silence, facts)} (${waited}${after}${alone}).`;
}

function moment(seconds: number, { finding }: LossFacts): Instant {
  const { shift = 0 } = finding.from;
  return addSeconds({ seconds: 0, nanos: 0, digits: finding.from.digits, shift }, seconds);
}

function aloneSentence(facts: LossFacts, server: Server | null): string {
  if (server === null && facts.background.servers.length > 0) {
    const former = formerServer(facts);
    return former === null
      ? "Which server should have answered is not known; other servers are heard in this capture."
      : `No reply of server ${formatIpv4(former)}, which had leased it its address, was seen in that time either; other servers are heard in this capture.`;
  }
  if (server === null || server.replies === 0) return "No reply of a DHCP server to anybody is in this capture.";
  const last = server.replyTimes.at(-1);
  const first = facts.lost[0]?.message.time ?? Infinity;
  return last !== undefined && last < first
    ? `The last reply of ${serverName(facts)} in this capture is of ${facts.clock(moment(last, facts))}.`
    : `Whether ${serverName(facts)} answered others in that time cannot be told: nobody else asked.`;
}

/** The server of the lease that the client had lost before it asked, if it told nobody anything then; null otherwise. */
function formerServer({ finding, background, lost }: LossFacts): number | null {
  const [first, last] = [lost[0], lost.at(-1)];
  const cycle = finding.diagnoses[0]?.cycle;
  const address = cycle?.kind === "acquisition" ? cycle.formerServer : null;
  const former = background.servers.find(({ server }) => server.address === address)?.server;
  if (former === undefined || first === undefined || last === undefined) return null;
  return repliedBetween(former, first.message.time, last.message.time) ? null : former.address;
}

const PARTIAL_REQUESTS =
  "The requests carry a partial checksum (left unfinished by offload), as a guest's kernel usually sends them; a server that refuses such requests looks the same from here. A capture on the server's own interface settles it: what arrives there and stays unanswered is refused.";

function partialRequests({ lost }: LossFacts): number {
  return lost.filter(({ message }) => checksumOf(message).verdict === "partial").length;
}

function soundRequests({ lost }: LossFacts): boolean {
  return lost.every(({ message }) => checksumOf(message).verdict !== "bad");
}

function firstTime({ lost, finding }: LossFacts): Instant {
  return lost[0]?.message.instant ?? finding.from;
}

/** All within a second. */
function isBurst(moments: readonly number[]): boolean {
  return greatest(moments) - least(moments) < 1;
}
