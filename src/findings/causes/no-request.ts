import type { RenewalCycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import type { Context } from "../context.js";

/** T1 and T2 passed and the client sent nothing. */
export function judgeNoRequest(cycle: RenewalCycle, context: Context): Judgement | null {
  if (cycle.attempts.length > 0 || (cycle.outcome === "left" && isHidden(cycle, context))) {
    return null;
  }
  switch (cycle.alive) {
    case "seen":
      // Never certain: a guest that was paused, or moved to another host, sends frames later, and what it asks may have
      // been lost before this point or pass elsewhere.
      return { cause: "no-request", confidence: "likely", alternatives: [], witness: "own-frames" };
    case "returned":
      return { cause: "no-request", confidence: "likely", alternatives: [], witness: null };
    default:
      return { cause: "no-request", confidence: "possible", alternatives: [], witness: null };
  }
}

/** At the port of another guest: it may have renewed its lease all the time. */
function isHidden({ binding }: RenewalCycle, context: Context): boolean {
  return context.seesUnicasts && !context.showsUnicasts(binding.client);
}
