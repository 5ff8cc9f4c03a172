import type { Attempt, Cycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { checksumOf, isLateByStall, type Context } from "../context.js";

/**
 * Replies that by their stamps came too late, while the program that stamps them on arrival stood still: when they came
 * is not known, only that the client went on as if they had not.
 */
export function judgeStalledReply(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  const stalled = attempt.replies.filter((reply) => reply.reason === "late" && isLateByStall(cycle, reply, context));
  if (stalled.length === 0) return null;
  const partial = stalled.some(({ message }) => checksumOf(message).verdict === "partial");
  const alternatives = partial ? (["late-reply", "offload-partial"] as const) : (["late-reply"] as const);
  return { cause: "reply-ignored", confidence: "possible", alternatives, witness: null };
}
