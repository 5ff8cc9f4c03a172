import type { Attempt, Cycle, Unreachable } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { timelyReplies } from "../context.js";

/**
 * An ICMP error quotes the request (no server process) or the reply (the client's socket was not open). Only for
 * attempts that were lost, and replies that came in time: a client that reads raw sockets takes what its kernel then
 * refuses, and a reply that is no longer awaited finds no socket.
 */
export function judgePortUnreachable(cycle: Cycle, attempt: Attempt): Judgement | null {
  return attempt.unreachable.some((error) => counts(cycle, attempt, error))
    ? { cause: "port-unreachable", confidence: "certain", alternatives: [], witness: "icmp-quote" }
    : null;
}

function counts({ binding }: Cycle, attempt: Attempt, { quotes, message }: Unreachable): boolean {
  return (
    quotes === "request" ||
    (!binding.takesRefused[attempt.message.broadcast ? "broadcast" : "unicast"] &&
      timelyReplies(attempt).some((reply) => reply.message === message && reply.outcome === "ignored"))
  );
}
