import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import type { Context } from "../context.js";

/** T1 and T2 passed and the client sent nothing. */
export function judgeNoRequest(cycle: RenewalCycle, context: Context): Judgement | null {
  if (cycle.attempts.length > 0 || (cycle.outcome === "left" && isHidden(cycle, context))) {
    return null;
  }
  if (mayBeLost(cycle, context)) {
    return { cause: "no-request", confidence: "possible", alternatives: [], witness: null };
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

/** Its request may be among the frames that the capture lost. */
function mayBeLost({ binding, started, ended }: RenewalCycle, { observed }: Context): boolean {
  return observed.lostFrames(binding.client, toSeconds(started), ended === null ? Infinity : toSeconds(ended)) > 0;
}

/** At the port of another guest: it may have renewed its lease all the time. */
function isHidden({ binding }: RenewalCycle, context: Context): boolean {
  return context.seesUnicasts && !context.showsUnicasts(binding.client);
}
