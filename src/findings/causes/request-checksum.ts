import type { Attempt, Cycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { losesSoundUnicasts, lostItsUnicasts, sameWay } from "../contrast.js";
import { checksumOf, serverOf, type Context } from "../context.js";

/** The request itself carries a bad sum, or a partial one at a server that never answers such, and got no reply. */
export function judgeRequestChecksum(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  if (attempt.replies.length > 0) {
    return null;
  }
  const { verdict } = checksumOf(attempt.message);
  if (verdict === "bad") {
    return soundAnswered(cycle)
      ? { cause: "request-bad", confidence: "certain", alternatives: [], witness: "sound-request-answered" }
      : { cause: "request-bad", confidence: "likely", alternatives: ["no-reply"], witness: null };
  }
  if (verdict !== "partial") {
    return null;
  }
  const server = serverOf(cycle, attempt, context);
  const same = cycle.kind === "renewal" && lostItsUnicasts(cycle, context) ? sameWay(cycle, context) : [cycle];
  if (server === null || server.answersPartial || server.relayed || !same.some(soundAnswered)) {
    return null;
  }
  if (!attempt.message.broadcast && losesSoundUnicasts(server, context)) {
    return null;
  }
  // A server on this link takes broadcasts with complete sums and none of the partial unicasts. From here that cannot
  // be told from a filter on the unicasts.
  return { cause: "request-partial", confidence: "possible", alternatives: ["unicast-blocked"], witness: null };
}

/** A request of this cycle with a complete sum was answered. */
function soundAnswered(cycle: Cycle): boolean {
  return cycle.attempts.some(
    ({ message, replies }) => checksumOf(message).verdict === "good" && replies.some(({ reason }) => reason !== "late"),
  );
}
