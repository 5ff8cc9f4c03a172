import type { Attempt, Cycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { serverOf, type Context } from "../context.js";

/** Replies in time that make the usual latency of a server known. */
const ENOUGH = 2;

/** A reply came, but only after the client had left that transaction. */
export function judgeLateReply(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  const { accepted } = cycle;
  // In a cycle that succeeded, what came after the success was as late as that was.
  const late = attempt.replies.filter(
    ({ reason }) => reason === "late" || (reason === "duplicate" && accepted !== null),
  );
  if (late.length === 0) {
    return null;
  }
  const server = serverOf(cycle, attempt, context);
  const soonest = Math.min(...late.map(({ latency }) => latency));
  const faster = server?.latencies.filter((latency) => latency < soonest / 2).length ?? 0;
  return faster >= ENOUGH
    ? { cause: "late-reply", confidence: "certain", alternatives: ["no-reply"], witness: "usual-latency" }
    : { cause: "late-reply", confidence: "likely", alternatives: ["no-reply"], witness: null };
}
