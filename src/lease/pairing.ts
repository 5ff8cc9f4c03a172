import type { Attempt, Binding, Cycle, Reply, ReplyFault } from "./cycle.js";
import type { Message } from "./message.js";
import type { Server } from "./servers.js";

/** Which attempt of a cycle a reply answers, as far as can be told when it comes; null: none that came before it. */
export function attemptFor(cycle: Cycle, reply: Message, server: Server | null): Attempt | null {
  const { attempts } = cycle;
  let latest: Attempt | null = null;
  for (let index = attempts.length - 1; index >= 0; index -= 1) {
    const attempt = attempts[index];
    if (attempt === undefined || !mayAnswer(reply, attempt)) continue;
    if (server?.echoesSecs !== true || attempt.message.secs === reply.secs) return attempt;
    latest ??= attempt;
  }
  return latest;
}

/**
 * Pairs the replies of one server to one transaction again, now that another has come: each answers a request of its
 * own, the last one the latest, as servers answer in the order in which they were asked.
 */
export function pairInOrder(cycle: Cycle, latest: Reply, server: Server | null): void {
  const open = (latest.reason === null ? cycle.waiting : lateReplies(cycle))
    .filter((reply) => reply.outcome === latest.outcome && reply.reason === latest.reason)
    .filter((reply) => reply === latest || isSameAnswer(reply.message, latest.message))
    .sort((a, b) => b.message.order - a.message.order)
    .slice(0, BACKLOG);
  // Alone it answers what it was taken to answer when it came.
  if (open.length === 1) return;
  const taken = new Set<Attempt>();
  for (const reply of open) {
    const asked = candidates(cycle, reply.message, server);
    const attempt = asked.filter((candidate) => !taken.has(candidate)).at(-1) ?? asked.at(-1);
    if (attempt !== undefined) {
      taken.add(attempt);
      move(reply, attempt);
    }
  }
}

/** So many replies of a backlog are paired anew when another comes. */
const BACKLOG = 64;

function lateReplies(cycle: Cycle): Reply[] {
  return cycle.attempts.flatMap(({ replies }) => replies);
}

function move(reply: Reply, attempt: Attempt): void {
  if (reply.attempt === attempt) {
    return;
  }
  reply.attempt.replies.splice(reply.attempt.replies.indexOf(reply), 1);
  reply.attempt = attempt;
  reply.latency = reply.message.time - attempt.message.time;
  attempt.replies.push(reply);
}

/** The attempts that a reply may answer, in order of time; by secs, where the server echoes it. */
function candidates(cycle: Cycle, reply: Message, server: Server | null): Attempt[] {
  const asked = cycle.attempts.filter((attempt) => mayAnswer(reply, attempt));
  const echoed = server?.echoesSecs === true ? asked.filter(({ message }) => message.secs === reply.secs) : [];
  return echoed.length > 0 ? echoed : asked;
}

/** It is of the same transaction, and was asked before. */
function mayAnswer(reply: Message, { message }: Attempt): boolean {
  return message.xid === reply.xid && message.time <= reply.time && canAnswer(reply, message);
}

/** An OFFER answers a DISCOVER; an ACK a REQUEST, or a DISCOVER with rapid commit (RFC 4039). */
function canAnswer(reply: Message, question: Message): boolean {
  switch (reply.kind) {
    case "OFFER":
      return question.kind === "DISCOVER";
    case "ACK":
      return question.kind !== "DISCOVER" || reply.rapidCommit;
    case "NAK":
      return question.kind === "REQUEST";
    default:
      return true;
  }
}

function isSameAnswer(a: Message, b: Message): boolean {
  return a.kind === b.kind && a.xid === b.xid && a.serverId === b.serverId && a.dhcp.giaddr === b.dhcp.giaddr;
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
  if (reply.kind === "BOOTREPLY") {
    return "no-message-type";
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

/** A reply with another xid this soon after an unanswered request, in seconds, was meant for it. */
const FOREIGN_REPLY = 5;

/** Who of these waits for an answer that a reply of no known transaction may be; null: nobody. */
export function waitingFor(reply: Message, bindings: readonly (Binding | undefined)[]): Attempt | null {
  const waiting = bindings
    .flatMap((binding) => binding?.cycle?.attempts.at(-1) ?? [])
    .find((attempt) => {
      const age = reply.time - attempt.message.time;
      return attempt.replies.length === 0 && age >= 0 && age <= FOREIGN_REPLY;
    });
  return waiting ?? null;
}

/** Whether this fault is one that no client can overlook: the reply is not for this transaction, or no DHCP at all. */
export function isForeign(fault: ReplyFault | null): boolean {
  return fault === "other-xid" || fault === "other-chaddr" || fault === "no-message-type";
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
