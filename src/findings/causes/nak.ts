import type { Attempt } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";

/** The server refused (RFC 2131 §3.1.5), and the client obeyed. */
export function judgeNak(attempt: Attempt): Judgement | null {
  const nak = attempt.replies.find(
    ({ message, outcome, reason }) => message.kind === "NAK" && outcome !== "ignored" && reason === null,
  );
  if (nak === undefined) {
    return null;
  }
  return nak.outcome === "accepted"
    ? { cause: "nak", confidence: "certain", alternatives: [], witness: "nak-obeyed" }
    : { cause: "nak", confidence: "likely", alternatives: [], witness: null };
}
