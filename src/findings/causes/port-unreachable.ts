import type { Attempt } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";

/**
 * An ICMP error quotes the request (no server process) or the reply (the client's socket was not open). Only for
 * attempts that were lost: a client that reads raw sockets takes what its kernel then refuses.
 */
export function judgePortUnreachable(attempt: Attempt): Judgement | null {
  return attempt.unreachable.length === 0
    ? null
    : { cause: "port-unreachable", confidence: "certain", alternatives: [], witness: "icmp-quote" };
}
