import type { Attempt, Binding, Cycle, Episode, Proof, Reply } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { checksumOf, timelyReplies } from "../context.js";

/**
 * Replies came in time and the client ignored them. Whether the checksum is to blame is told by the contrast with what
 * the same client took and turned down in the same run (the episode): a partial sum alone proves nothing, for most
 * clients accept it.
 */
export function judgeIgnoredReply(cycle: Cycle, attempt: Attempt): Judgement | null {
  const ignored = timelyReplies(attempt).filter(
    ({ outcome, reason }) => outcome === "ignored" && reason !== "malformed",
  );
  const reply = ignored.find((candidate) => candidate.episode !== null) ?? ignored[0];
  if (reply === undefined) {
    return null;
  }
  const { software } = cycle.binding;
  if (software?.collectsOffers === true && reply.message.kind === "OFFER") {
    return replyIgnored("possible", []);
  }
  const { verdict, pattern } = checksumOf(reply.message);
  switch (verdict) {
    case "bad":
      return judgeBad(reply);
    case "partial":
      return software?.verifies === false
        ? replyIgnored("likely", ["offload-partial"])
        : judgePartial(reply, cycle.binding);
    case "unverified":
      return pattern === "looks-partial"
        ? limit(judgePartial(reply, cycle.binding), reply)
        : replyIgnored("possible", ["offload-partial", "checksum-bad"]);
    default:
      return judgeSound(reply);
  }
}

/** So often it took the next partial reply after some that it had turned down: rather they get lost beyond this point. */
const SCATTERED = 2;

function judgePartial(reply: Reply, binding: Binding): Judgement {
  const { episode } = reply;
  if (episode === null) {
    return { cause: "offload-partial", confidence: "possible", alternatives: ["reply-ignored"], witness: null };
  }
  const partial = partials(episode);
  if (sounds(episode) > 0) {
    return replyIgnored("likely", ["offload-partial"]);
  }
  const after = episode.after;
  if (partial >= 2) {
    const takenLater = (after !== null && isPartial(after)) || binding.partialTaken > episode.partialBefore;
    if (episode.partialBefore > 0 && (takenLater || binding.scattered >= SCATTERED)) {
      // Taken before and after, turned down in between: a mark lost for a while, or replies lost on the way.
      return { cause: "offload-partial", confidence: "possible", alternatives: ["reply-ignored"], witness: null };
    }
    const neverTaken = binding.partialTaken === 0;
    const lostForGood = binding.partialTaken === episode.partialBefore && partial > 2;
    return after !== null && isSound(after) && (neverTaken || lostForGood)
      ? { cause: "offload-partial", confidence: "certain", alternatives: [], witness: "sound-reply-taken" }
      : { cause: "offload-partial", confidence: "likely", alternatives: ["reply-ignored"], witness: null };
  }
  if (after === null) {
    return { cause: "offload-partial", confidence: "possible", alternatives: ["reply-ignored"], witness: null };
  }
  return isPartial(after)
    ? replyIgnored("possible", ["offload-partial"])
    : { cause: "offload-partial", confidence: "likely", alternatives: ["reply-ignored"], witness: "sound-reply-taken" };
}

function judgeBad(reply: Reply): Judgement {
  const { episode } = reply;
  const after = episode?.after ?? null;
  if (episode?.before === "bad" || (after !== null && isBad(after))) {
    return { cause: "checksum-bad", confidence: "possible", alternatives: ["reply-ignored"], witness: null };
  }
  const contrast = after !== null && isSound(after) && episode !== null && episode.ignored.bad >= 2;
  return contrast && sounds(episode) === 0
    ? { cause: "checksum-bad", confidence: "certain", alternatives: [], witness: "damaged-replies" }
    : { cause: "checksum-bad", confidence: "likely", alternatives: ["reply-ignored"], witness: null };
}

function judgeSound(reply: Reply): Judgement {
  const { episode } = reply;
  const sound = episode === null ? 1 : sounds(episode);
  const mixed = episode !== null && partials(episode) > 0;
  if (mixed) {
    return replyIgnored("likely", ["offload-partial"]);
  }
  return sound >= 2
    ? { cause: "reply-ignored", confidence: "certain", alternatives: [], witness: "sound-replies-ignored" }
    : replyIgnored("likely", []);
}

function replyIgnored(confidence: "likely" | "possible", alternatives: Judgement["alternatives"]): Judgement {
  return { cause: "reply-ignored", confidence, alternatives, witness: null };
}

/** What shows that a reply was ignored without a look at the timers that it gave, or at the kind of message that followed. */
const TIMELESS: ReadonlySet<Proof> = new Set(["still-counting", "kept-address"]);

/** A cut frame cannot prove what its sum was; and where it is cut before its timers, not even that it was ignored. */
function limit(judgement: Judgement, { message, proof }: Reply): Judgement {
  if (message.dhcp.cut && message.leaseTime === null && !TIMELESS.has(proof)) {
    const alternatives = judgement.cause === "offload-partial" ? (["reply-ignored"] as const) : judgement.alternatives;
    return { ...judgement, confidence: "possible", alternatives };
  }
  return judgement.confidence === "certain" ? { ...judgement, confidence: "likely" } : judgement;
}

function partials({ ignored }: Episode): number {
  return ignored.partial + ignored["looks-partial"];
}

function sounds({ ignored }: Episode): number {
  return ignored.good + ignored.absent;
}

function isPartial(reply: Reply): boolean {
  const { verdict, pattern } = checksumOf(reply.message);
  return verdict === "partial" || pattern === "looks-partial";
}

function isBad(reply: Reply): boolean {
  return checksumOf(reply.message).verdict === "bad";
}

function isSound(reply: Reply): boolean {
  const { verdict } = checksumOf(reply.message);
  return verdict === "good" || verdict === "absent";
}
