import type { Attempt, RenewalCycle, Reply } from "../lease/cycle.js";
import { repliedBetween, type Server } from "../lease/servers.js";
import { isAnswerHidden, isSound, leastLatency, serverOf, type Context } from "./context.js";

/** What other renewals, of this client and of others, say of the direct way to a server. */

/** The broadcast of a renewal that was answered by the server that its unicasts were sent to; null: none was. */
export function rescueOf(cycle: RenewalCycle): Attempt | null {
  const [unicast] = unicastsOf(cycle);
  return (
    cycle.attempts.find(
      ({ message, replies }) =>
        message.broadcast && replies.some((reply) => isRescue(reply, unicast?.message.dst ?? null)),
    ) ?? null
  );
}

/** @param server where the unicasts went; null: there were none */
function isRescue({ reason, message }: Reply, server: number | null): boolean {
  const same = server === null || message.serverId === null || message.serverId === server;
  return reason !== "late" && message.kind !== "NAK" && same;
}

export function unicastsOf({ attempts }: RenewalCycle): Attempt[] {
  return attempts.filter(({ message }) => !message.broadcast);
}

/** Its unicasts were never answered, as far as was watched, and no broadcast before one that had its answer. */
export function lostItsUnicasts(cycle: RenewalCycle, context: Context): boolean {
  const unicasts = unicastsOf(cycle);
  const rescue = rescueOf(cycle);
  return (
    unicasts.some((attempt) => !isAnswerHidden(cycle, attempt, context)) &&
    unicasts.every(({ replies }) => replies.length === 0) &&
    cycle.attempts.every(
      ({ message, replies }) =>
        !message.broadcast || replies.length > 0 || (rescue !== null && message.time > rescue.message.time),
    )
  );
}

/** The renewals of the same client that went the same way, itself included, with no unicast answered in between. */
export function sameWay(cycle: RenewalCycle, context: Context): RenewalCycle[] {
  return context.troubled.filter(
    (other): other is RenewalCycle =>
      other.kind === "renewal" &&
      other.binding === cycle.binding &&
      other.unicastsAnswered === cycle.unicastsAnswered &&
      lostItsUnicasts(other, context),
  );
}

/** A unicast of this client was answered before these renewals, and another after them. */
export function isAnsweredAround({ binding, unicastsAnswered }: RenewalCycle): boolean {
  return unicastsAnswered > 0 && binding.unicastsAnswered > unicastsAnswered;
}

/** Unicasts with a complete checksum, of whichever client, that this server left unanswered while it took broadcasts. */
export function losesSoundUnicasts(server: Server, context: Context): boolean {
  return context.troubled.some(
    (other) =>
      other.kind === "renewal" &&
      rescueOf(other) !== null &&
      lostItsUnicasts(other, context) &&
      !isAnsweredAround(other) &&
      unicastsOf(other).some((attempt) => isSound(attempt) && serverOf(other, attempt, context) === server),
  );
}

/** A reply this soon after the last of some requests, in seconds, shows that the server was there. */
const PROMPT = 1;

/** The server replied to somebody while these requests were being sent. */
export function wasAlive(server: Server, requests: readonly Attempt[]): boolean {
  const times = requests.map(({ message }) => message.time);
  return repliedBetween(server, Math.min(...times), Math.max(...times) + PROMPT);
}

/** In a span of time (seconds since 1970) in which it replied to nobody, it left broadcasts of others unanswered, too. */
export function wasSilentToBroadcasts(cycle: RenewalCycle, from: number, to: number, context: Context): boolean {
  return context.troubled.some(
    (other) =>
      other.binding !== cycle.binding &&
      !other.blind &&
      other.attempts.some(
        ({ message, replies }) =>
          message.broadcast &&
          message.time >= from &&
          message.time <= to &&
          replies.every((reply) => leastLatency(other, reply, context) > PROMPT) &&
          context.observed.hidden(other.binding.client, message.time, message.time + PROMPT) === null,
      ),
  );
}

/** A client that is bound again this soon after its loss, in seconds, had its DISCOVER answered at once. */
const AT_ONCE = 10;

/**
 * The server lost its leases: it was there, as its replies to others show, left even broadcasts of this renewal
 * unanswered, and answered the DISCOVER that followed. A server that is not authoritative for a lease that it does not
 * know is silent (ISC dhcpd: "unknown lease").
 */
export function knowsNothingOf(cycle: RenewalCycle, server: Server, context: Context): boolean {
  if (!wasRenewedByDiscover(cycle, context)) {
    return false;
  }
  return context.troubled.some(
    (other) =>
      other.kind === "renewal" &&
      wasRenewedByDiscover(other, context) &&
      startOf(other) <= endOf(cycle) &&
      startOf(cycle) <= endOf(other) &&
      repliedBetween(server, startOf(other), other.attempts.at(-1)?.message.time ?? 0),
  );
}

/** Nothing was answered, the last and sound broadcast neither, but the DISCOVER that followed. */
function wasRenewedByDiscover(cycle: RenewalCycle, context: Context): boolean {
  const { attempts, lease } = cycle;
  const last = attempts.at(-1);
  return (
    last?.message.broadcast === true &&
    !isAnswerHidden(cycle, last, context) &&
    isSound(last) &&
    attempts.every(({ replies, unreachable }) => replies.length === 0 && unreachable.length === 0) &&
    lease.outage !== null &&
    lease.outage < AT_ONCE
  );
}

function startOf({ attempts }: RenewalCycle): number {
  return attempts[0]?.message.time ?? 0;
}

function endOf({ attempts }: RenewalCycle): number {
  return attempts.at(-1)?.message.time ?? 0;
}
