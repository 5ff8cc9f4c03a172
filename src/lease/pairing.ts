import type { Attempt, Cycle, Reply, ReplyFault } from "./cycle.js";
import type { Message } from "./message.js";
import { OptionCode } from "../wire/option-codes.js";
import type { Server } from "./servers.js";

/** Which attempt of a cycle a reply answers; null: none that came before it. */
export function attemptFor(cycle: Cycle, reply: Message, server: Server | null): Attempt | null {
  const asked = cycle.attempts.filter(
    ({ message }) => message.xid === reply.xid && message.time <= reply.time && canAnswer(reply, message),
  );
  const newest = asked.at(-1) ?? null;
  if (asked.length < 2) {
    return newest;
  }
  if (server?.echoesSecs === true) {
    const echoed = asked.filter(({ message }) => message.secs === reply.secs).at(-1);
    if (echoed !== undefined) {
      return echoed;
    }
  }
  if (reply.burst) {
    return asked.find(({ replies }) => !replies.some((other) => isSameAnswer(other.message, reply))) ?? newest;
  }
  return newest;
}

/** An OFFER answers a DISCOVER; an ACK a REQUEST, or a DISCOVER with rapid commit (RFC 4039). */
function canAnswer(reply: Message, question: Message): boolean {
  switch (reply.kind) {
    case "OFFER":
      return question.kind === "DISCOVER";
    case "ACK":
      return question.kind !== "DISCOVER" || reply.dhcp.options.get(OptionCode.RAPID_COMMIT) !== null;
    case "NAK":
      return question.kind === "REQUEST";
    default:
      return true;
  }
}

function isSameAnswer(a: Message, b: Message): boolean {
  return a.kind === b.kind && a.serverId === b.serverId && a.dhcp.giaddr === b.dhcp.giaddr;
}

/** What is wrong with a reply, so that a client that keeps to RFC 2131 ignores it; null: nothing. */
export function faultOf(reply: Message, attempt: Attempt): ReplyFault | null {
  const { message } = attempt;
  if (reply.xid !== message.xid) {
    return "other-xid";
  }
  if (!sameHardware(reply, message)) {
    return "other-chaddr";
  }
  if (reply.dhcp.cut) {
    return null;
  }
  if (reply.serverId === null) {
    return "no-server-id";
  }
  if (reply.kind === "NAK") {
    return null;
  }
  if (attempt.state === "SELECTING" && message.serverId !== null && reply.serverId !== message.serverId) {
    return "other-server";
  }
  if (reply.leaseTime === null) {
    return "no-lease-time";
  }
  return reply.dhcp.yiaddr === 0 ? "no-address" : null;
}

function sameHardware(a: Message, b: Message): boolean {
  return (
    a.dhcp.chaddr.length === b.dhcp.chaddr.length && a.dhcp.chaddr.every((byte, index) => byte === b.dhcp.chaddr[index])
  );
}

/** Whether this fault is one that no client can overlook: the reply is not for this transaction at all. */
export function isForeign(fault: ReplyFault | null): boolean {
  return fault === "other-xid" || fault === "other-chaddr";
}

export function newReply(message: Message, attempt: Attempt): Reply {
  const fault = faultOf(message, attempt);
  return {
    message,
    attempt,
    latency: message.time - attempt.message.time,
    outcome: "unknown",
    reason: null,
    proof: "nothing",
    episode: null,
    fault,
  };
}
