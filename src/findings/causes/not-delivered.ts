import type { Attempt } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { timelyReplies, type Context } from "../context.js";

/** Seen at one capture point and missing at a later one on its way. */
export function judgeNotDelivered(attempt: Attempt, context: Context): Judgement | null {
  const replies = timelyReplies(attempt).filter(({ outcome }) => outcome === "ignored");
  const lost =
    replies.length > 0
      ? replies.every(({ message }) => context.missingAt(message).length > 0)
      : context.missingAt(attempt.message).length > 0;
  return lost ? { cause: "not-delivered", confidence: "certain", alternatives: [], witness: "later-point" } : null;
}
