import type { RenewalCycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";

/** T1 and T2 passed and the client sent nothing. */
export function judgeNoRequest(cycle: RenewalCycle): Judgement | null {
  if (cycle.attempts.length > 0) {
    return null;
  }
  switch (cycle.alive) {
    case "seen":
      return { cause: "no-request", confidence: "certain", alternatives: [], witness: "own-frames" };
    case "returned":
      return { cause: "no-request", confidence: "likely", alternatives: [], witness: null };
    default:
      return { cause: "no-request", confidence: "possible", alternatives: [], witness: null };
  }
}
