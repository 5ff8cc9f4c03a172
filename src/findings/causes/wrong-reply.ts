import type { Attempt } from "../../lease/cycle.js";
import { isForeign } from "../../lease/pairing.js";
import type { Judgement } from "../cause.js";
import { timelyReplies } from "../context.js";

/** All that came in time was nothing that a client may take: other xid, chaddr or server, a mandatory option missing. */
export function judgeWrongReply(attempt: Attempt): Judgement | null {
  const timely = timelyReplies(attempt);
  if (timely.length === 0 || !timely.every(({ reason }) => reason === "malformed")) {
    return null;
  }
  const foreign = timely.some(({ fault }) => isForeign(fault) || fault === "other-server");
  return foreign
    ? { cause: "wrong-reply", confidence: "certain", alternatives: [], witness: "wrong-transaction" }
    : { cause: "wrong-reply", confidence: "likely", alternatives: ["reply-ignored"], witness: null };
}
