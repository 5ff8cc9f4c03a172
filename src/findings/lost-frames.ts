import type { Attempt, Cycle } from "../lease/cycle.js";
import type { Cause, Judgement } from "./cause.js";
import { isAnswerHidden, mayHaveMissed, type Context } from "./context.js";

/** Causes that rest on something that was not seen. */
const OF_SILENCE: ReadonlySet<Cause> = new Set([
  "no-reply",
  "late-reply",
  "request-partial",
  "request-bad",
  "unicast-blocked",
  "not-delivered",
]);

/** Silence proves nothing while nobody watched, or the capture lost frames: what is missing may have been there. */
export function weakened(judgement: Judgement, cycle: Cycle, attempt: Attempt, context: Context): Judgement {
  if (!OF_SILENCE.has(judgement.cause) || !mayHaveMissed(cycle, attempt, context)) return judgement;
  if (isAnswerHidden(cycle, attempt, context)) return { ...judgement, confidence: "possible", witness: null };
  const confidence = judgement.confidence === "certain" ? "likely" : judgement.confidence;
  return { ...judgement, confidence, witness: null };
}
