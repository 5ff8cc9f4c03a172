import { toSeconds } from "../../capture/instant.js";
import type { Attempt, Cycle, Reply } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { checksumOf, isLateByStall, leastLatency, serverOf, type Context } from "../context.js";

/** Replies in time that make the usual latency of a server known. */
const ENOUGH = 2;

/** A reply came, but only after the client had left that transaction. */
export function judgeLateReply(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  const { accepted } = cycle;
  // In a cycle that succeeded, what came after the success was as late as that was.
  const late = attempt.replies.filter(
    (reply) =>
      (reply.reason === "late" || (reply.reason === "duplicate" && accepted !== null)) &&
      !isLateByStall(cycle, reply, context),
  );
  if (late.length === 0) {
    return null;
  }
  const server = serverOf(cycle, attempt, context);
  const soonest = Math.min(...late.map((reply) => leastLatency(cycle, reply, context)));
  const faster = server?.latencies.filter((latency) => latency < soonest / 2).length ?? 0;
  const witness = faster >= ENOUGH ? "usual-latency" : null;
  if (late.every((reply) => mayHaveFoundIt(cycle, reply))) {
    const partial = late.some(({ message }) => checksumOf(message).verdict === "partial");
    const alternatives = ["no-reply", partial ? "offload-partial" : "reply-ignored"] as const;
    return { cause: "late-reply", confidence: "likely", alternatives, witness };
  }
  const confidence = witness === null ? "likely" : "certain";
  return { cause: "late-reply", confidence, alternatives: ["no-reply"], witness };
}

/** It came just before the client was seen to begin anew: that it had given up by then is likely, and not proved. */
function mayHaveFoundIt({ ended, binding }: Cycle, { message, latency }: Reply): boolean {
  const listened = latency <= (binding.software?.listens ?? Infinity);
  return listened && ended !== null && message.time < toSeconds(ended);
}
