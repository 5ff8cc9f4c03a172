import type { Attempt, Cycle, Reply } from "../lease/cycle.js";
import type { Cause, Judgement } from "./cause.js";
import { isMoreCertain } from "./cause.js";
import { judgeIgnoredReply } from "./causes/ignored-reply.js";
import { judgeLateReply } from "./causes/late-reply.js";
import { judgeNak } from "./causes/nak.js";
import { judgeNoReply } from "./causes/no-reply.js";
import { judgeNoRequest } from "./causes/no-request.js";
import { judgeNotDelivered } from "./causes/not-delivered.js";
import { judgePortUnreachable } from "./causes/port-unreachable.js";
import { judgeRequestChecksum } from "./causes/request-checksum.js";
import { judgeStalledReply } from "./causes/stalled-reply.js";
import { judgeUnicastBlocked } from "./causes/unicast-blocked.js";
import { judgeUnresolved } from "./causes/unresolved.js";
import { judgeWrongReply } from "./causes/wrong-reply.js";
import { lostAttempts, untimedReplies, type Context } from "./context.js";
import type { Testimony } from "./testimony.js";
import { weakened } from "./lost-frames.js";

/** Why a cycle went as it did; one cause for each lost attempt. */
export interface Diagnosis {
  readonly cycle: Cycle;
  readonly lost: readonly Attempt[];
  readonly causes: ReadonlyMap<Attempt, Judgement>;
  /** Of the lost attempts, the cause that explains most, at a tie the last; null: nothing was lost. */
  readonly main: Judgement | null;
  /** What logs and lease files say of it. */
  readonly said: readonly Testimony[];
  /** Replies whose latency is not known, as the capture had stood still: how many seconds they took at least. */
  readonly untimed: ReadonlyMap<Reply, number>;
}

export function diagnose(cycle: Cycle, context: Context): Diagnosis {
  const lost = lostAttempts(cycle, context);
  const causes = new Map<Attempt, Judgement>();
  for (const attempt of lost) {
    causes.set(attempt, weakened(judgeAttempt(cycle, attempt, context), cycle, attempt, context));
  }
  const silent = cycle.kind === "renewal" ? (judgeUnresolved(cycle, context) ?? judgeNoRequest(cycle, context)) : null;
  const main = silent ?? mainCause([...causes.values()]);
  return { cycle, lost, causes, main, said: [], untimed: untimedReplies(cycle, context) };
}

/** The first that fits. The order is that of the strength of the evidence. */
function judgeAttempt(cycle: Cycle, attempt: Attempt, context: Context): Judgement {
  return (
    judgeNak(attempt) ??
    judgePortUnreachable(cycle, attempt) ??
    judgeNotDelivered(attempt, context) ??
    judgeWrongReply(attempt) ??
    judgeIgnoredReply(cycle, attempt) ??
    judgeLateReply(cycle, attempt, context) ??
    judgeStalledReply(cycle, attempt, context) ??
    judgeRequestChecksum(cycle, attempt, context) ??
    judgeUnicastBlocked(cycle, attempt, context) ??
    judgeNoReply(cycle, attempt, context) ?? {
      cause: "no-reply",
      confidence: "possible",
      alternatives: ["reply-ignored"],
      witness: null,
    }
  );
}

/** The one that explains most. */
export function mainCause(judgements: readonly Judgement[]): Judgement | null {
  const counts = new Map<Cause, number>();
  for (const { cause } of judgements) {
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  let best: Judgement | null = null;
  for (const judgement of judgements) {
    const more = (counts.get(judgement.cause) ?? 0) - (best === null ? 0 : (counts.get(best.cause) ?? 0));
    const sameButSurer = best?.cause === judgement.cause && isMoreCertain(judgement.confidence, best.confidence);
    if (best === null || more > 0 || (more === 0 && judgement.cause !== best.cause) || sameButSurer) {
      best = judgement;
    }
  }
  // A refusal ends the renewal, whatever was lost before it.
  return judgements.find(({ cause }) => cause === "nak") ?? best;
}
