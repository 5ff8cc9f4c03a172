import type { Attempt, Cycle } from "../../lease/cycle.js";
import { repliedBetween } from "../../lease/servers.js";
import type { Judgement } from "../cause.js";
import { isSound, serverOf, type Context } from "../context.js";

/** Unicast renewals are never answered, the broadcast to rebind is: filters, routes, a relay that hides the way. */
export function judgeUnicastBlocked(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  if (cycle.kind !== "renewal" || attempt.message.broadcast || attempt.replies.length > 0) {
    return null;
  }
  const unicasts = cycle.attempts.filter(({ message }) => !message.broadcast);
  const answered = cycle.attempts.find(
    ({ message, replies }) =>
      message.broadcast &&
      replies.some(
        ({ reason, message: reply }) =>
          reason !== "late" &&
          reply.kind !== "NAK" &&
          (reply.serverId === null || reply.serverId === attempt.message.dst),
      ),
  );
  const broadcastLost = cycle.attempts.some(
    ({ message, replies }) =>
      message.broadcast && replies.length === 0 && answered !== undefined && message.time < answered.message.time,
  );
  if (answered === undefined || broadcastLost || unicasts.some(({ replies }) => replies.length > 0)) {
    return null;
  }
  if (unicasts.length < 2 && !happenedBefore(cycle, context)) {
    return { cause: "unicast-blocked", confidence: "possible", alternatives: ["no-reply"], witness: null };
  }
  const server = serverOf(cycle, attempt, context);
  const first = unicasts[0]?.message.time ?? attempt.message.time;
  if (!unicasts.some(isSound)) {
    return { cause: "unicast-blocked", confidence: "likely", alternatives: ["request-partial"], witness: null };
  }
  const last = unicasts.at(-1)?.message.time ?? first;
  const wasAlive = server !== null && repliedBetween(server, first, last + PROMPT);
  return wasAlive || happenedBefore(cycle, context)
    ? { cause: "unicast-blocked", confidence: "certain", alternatives: [], witness: "answers-others" }
    : { cause: "unicast-blocked", confidence: "likely", alternatives: ["no-reply"], witness: "broadcast-answered" };
}

/** A reply this soon after the last of them, in seconds, shows that the server was there. */
const PROMPT = 1;

/** Another renewal of this client went the same way. */
function happenedBefore(cycle: Cycle, context: Context): boolean {
  return context.troubled.some(
    (other) =>
      other !== cycle &&
      other.kind === "renewal" &&
      other.binding === cycle.binding &&
      other.attempts.some(({ message, replies }) => !message.broadcast && replies.length === 0) &&
      other.attempts.every(({ message, replies }) => message.broadcast || replies.length === 0) &&
      other.attempts.some(({ message, replies }) => message.broadcast && replies.length > 0),
  );
}
