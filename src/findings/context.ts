import { toSeconds, type Instant } from "../capture/instant.js";
import type { Attempt, Client, Cycle, Reply } from "../lease/cycle.js";
import type { Checksum } from "../checksum/checksum.js";
import { lastSighting, type Message } from "../lease/message.js";
import type { Server } from "../lease/servers.js";

/** What a judgement may know beyond the cycle itself. */
export interface Context {
  /** Seconds since 1970 up to which silence is evidence, from `time` on, of somebody who is seen in these inputs. */
  watchedUntil(inputs: readonly string[], time: number): number;
  /** Clients clearly get replies, and this capture shows none to anybody: silence means nothing here. */
  readonly seesNoReplies: boolean;
  /** Unicasts of some client pass here. */
  readonly seesUnicasts: boolean;
  /** Unicasts of several clients pass here: it is no guest's own port, but where the ways of all of them meet. */
  readonly isShared: boolean;
  /** Unicasts of this client, or of several others, pass here: then so do replies to it. */
  showsUnicasts(client: Client): boolean;
  server(address: number): Server | null;
  /** The one server in view; null: none, or several. */
  readonly onlyServer: Server | null;
  /** All cycles that ended badly or with effort, of every client; healthy ones may be missing. */
  readonly troubled: readonly Cycle[];
  /** Capture points that a message should have passed and did not; empty with one point. */
  missingAt(message: Message): readonly string[];
}

/** The checksum of a message as its receiver met it. */
export function checksumOf(message: Message): Checksum {
  return lastSighting(message).checksum;
}

/** Replies that came while the client was still in the transaction, and were for it. */
export function timelyReplies(attempt: Attempt): Reply[] {
  return attempt.replies.filter(({ reason }) => reason !== "late" && reason !== "duplicate" && reason !== "not-chosen");
}

/** How long a request must have been watched before its silence counts, in seconds. */
const REQUEST_PATIENCE = 1;
/** Servers may ping an address before they offer it (dnsmasq: 3 s). */
const DISCOVER_PATIENCE = 4;

/** The attempts of a cycle that should have succeeded and did not. */
export function lostAttempts(cycle: Cycle, context: Context): Attempt[] {
  if (cycle.blind || context.seesNoReplies) {
    return [];
  }
  const { accepted } = cycle;
  if (accepted !== null && accepted.message.kind !== "NAK") {
    const success = cycle.attempts.indexOf(accepted.attempt);
    const before = cycle.attempts.slice(0, success).filter((attempt) => !isAnswered(attempt));
    return [...before, ...givenUp(cycle.attempts.slice(success + 1), accepted)];
  }
  return cycle.attempts.filter((attempt, index) => {
    const next = cycle.attempts[index + 1]?.message.instant ?? cycle.ended;
    return !isAnswered(attempt) && wasWatched(cycle, attempt, next, context);
  });
}

/**
 * Attempts that the client had made and given up, too, when the answer to an earlier one came at last, long after. The
 * very last of them was still waiting, and had the other's success.
 */
function givenUp(after: readonly Attempt[], accepted: Reply): Attempt[] {
  return accepted.latency < LONG_WAIT
    ? []
    : after.filter(({ message }) => message.time < accepted.message.time).slice(0, -1);
}

/** A server that takes this long, in seconds, is no longer slow: it was away. */
const LONG_WAIT = 30;

/** It got what it asked for, or may have. */
function isAnswered(attempt: Attempt): boolean {
  return attempt.replies.some(
    ({ outcome, reason, message }) =>
      (outcome === "accepted" && message.kind !== "NAK") ||
      (outcome === "unknown" && message.kind !== "NAK") ||
      reason === "not-chosen",
  );
}

/** Its answer would have been seen: for long enough, or until the client went on to something else. */
function wasWatched(
  { binding }: Cycle,
  { message, replies }: Attempt,
  next: Instant | null,
  context: Context,
): boolean {
  if (replies.length > 0) return true;
  const patience = message.kind === "DISCOVER" ? DISCOVER_PATIENCE : REQUEST_PATIENCE;
  const until = context.watchedUntil(binding.client.inputs, message.time);
  return until - message.time >= patience || (next !== null && toSeconds(next) <= until);
}

/** The sum of the request was complete, or it had none: a server has no reason to drop it. */
export function isSound({ message }: Attempt): boolean {
  const { verdict } = checksumOf(message);
  return verdict === "good" || verdict === "absent";
}

/** The server that an attempt was meant for, as far as is known. */
export function serverOf(cycle: Cycle, attempt: Attempt, context: Context): Server | null {
  const { message } = attempt;
  const named = message.serverId ?? (message.broadcast ? null : message.dst);
  const address = named ?? (cycle.kind === "renewal" ? cycle.lease.server : null);
  if (address !== null) {
    return context.server(address);
  }
  return context.onlyServer;
}
