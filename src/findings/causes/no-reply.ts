import type { Attempt, Cycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { isAnsweredAround, knowsNothingOf, lostItsUnicasts, rescueOf } from "../contrast.js";
import { isAnswerHidden, isSound, serverOf, type Context } from "../context.js";

/** Nothing came back though the request was sound. How sure depends on whether replies would be seen here at all. */
export function judgeNoReply(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  if (attempt.replies.length > 0) {
    return null;
  }
  const server = serverOf(cycle, attempt, context);
  if (cycle.kind === "renewal" && server !== null && knowsNothingOf(cycle, server, context)) {
    return { cause: "no-reply", confidence: "certain", alternatives: [], witness: "answers-discover" };
  }
  // A reply to a client that has an address goes to that address.
  const shown = cycle.kind === "acquisition" || context.showsUnicasts(cycle.binding.client);
  const heard = (server?.replies ?? 0) > 0 || cycle.binding.client.hasDirectReplies;
  const seen = shown && heard;
  const unanswered = cycle.attempts.filter(
    (other) => other.replies.length === 0 && !isAnswerHidden(cycle, other, context),
  ).length;
  const alone = cycle.kind === "renewal" && !attempt.message.broadcast && lostItsUnicasts(cycle, context);
  if (alone && rescueOf(cycle) !== null) {
    // Its broadcast was answered; whether its unicasts were lost by accident or by a filter for a while is not known.
    return { cause: "no-reply", confidence: "likely", alternatives: ["unicast-blocked"], witness: null };
  }
  if (
    seen &&
    unanswered >= 2 &&
    !takesPartial(cycle) &&
    !cycle.attempts.some((other) => other.replies.length === 0 && isSound(other))
  ) {
    // Each of them was partial: perhaps the server took none of them, though it takes those of others.
    return { cause: "no-reply", confidence: "likely", alternatives: ["request-partial"], witness: null };
  }
  if (seen && unanswered >= 2 && context.isShared) {
    return { cause: "no-reply", confidence: "certain", alternatives: [], witness: "replies-seen-here" };
  }
  if (seen) {
    // At the port of one guest, what never came may have been sent, and dropped on the way here.
    return { cause: "no-reply", confidence: "likely", alternatives: ["not-delivered"], witness: "replies-seen-here" };
  }
  return {
    cause: "no-reply",
    confidence: shown && unanswered >= 2 ? "likely" : "possible",
    alternatives: ["reply-ignored"],
    witness: null,
  };
}

/** Partial requests of this client were answered before and after: it is not their checksum. */
function takesPartial(cycle: Cycle): boolean {
  return cycle.kind === "renewal" && cycle.binding.partialAnswered && isAnsweredAround(cycle);
}
