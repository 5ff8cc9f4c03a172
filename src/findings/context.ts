import { toSeconds, type Instant } from "../capture/instant.js";
import type { Attempt, Client, Cycle, Reply } from "../lease/cycle.js";
import type { Checksum } from "../checksum/checksum.js";
import { lastSighting, type Message } from "../lease/message.js";
import type { Observed } from "../lease/observed.js";
import type { Server } from "../lease/servers.js";

/** What a judgement may know beyond the cycle itself. */
export interface Context {
  /** When anybody was watching, and how well. */
  readonly observed: Observed;
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
    const before = cycle.attempts
      .slice(0, success)
      .filter((attempt) => !isAnswered(attempt) && !isAnswerHidden(cycle, attempt, context));
    return [...before, ...givenUp(cycle.attempts.slice(success + 1), accepted)];
  }
  const unanswered = cycle.attempts.filter((attempt) => !isAnswered(attempt));
  const seen = unanswered.filter((attempt) => wasWatched(cycle, attempt, nextOf(cycle, attempt), context));
  // That the address is lost is proved by what the client did, whatever nobody saw of the way there.
  return seen.length === 0 && (cycle.outcome === "expired" || cycle.outcome === "abandoned") ? unanswered : seen;
}

function nextOf({ attempts, ended }: Cycle, attempt: Attempt): Instant | null {
  return attempts[attempts.indexOf(attempt) + 1]?.message.instant ?? ended;
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
  const until = context.observed.watchedFrom(binding.client, message.time);
  return until - message.time >= patienceFor(message) || (next !== null && toSeconds(next) <= until);
}

/** No answer is in view, and nobody watched when it must have come. */
export function isAnswerHidden({ binding }: Cycle, { message, replies }: Attempt, { observed }: Context): boolean {
  const { time } = message;
  return replies.length === 0 && observed.hidden(binding.client, time, time + patienceFor(message)) !== null;
}

/** Seconds in which an answer may have come to the last message of a client. */
const ANSWERED_WITHIN = 4;

/** Until the client went on to something else, nobody watched for a while, or frames were lost. */
export function mayHaveMissed(cycle: Cycle, attempt: Attempt, { observed }: Context): boolean {
  const { client } = cycle.binding;
  const from = attempt.message.time;
  const next = nextOf(cycle, attempt);
  const to = next === null ? from + ANSWERED_WITHIN : toSeconds(next);
  return observed.mayHaveMissed(client, from, to);
}

function patienceFor({ kind }: Message): number {
  return kind === "DISCOVER" ? DISCOVER_PATIENCE : REQUEST_PATIENCE;
}

/**
 * Whether the time of a reply is no proof that it came late: the program that stamps frames on arrival stood still, and
 * the client had not gone on to something else when it read this one.
 */
export function isLateByStall({ ended, binding }: Cycle, { message }: Reply, { observed }: Context): boolean {
  const left = ended !== null && message.time >= toSeconds(ended);
  return !left && observed.stallBefore(binding.client, message.time) !== null;
}

/** Seconds that a reply took at least: its stamp may be late. */
export function leastLatency({ binding }: Cycle, { attempt, message }: Reply, { observed }: Context): number {
  return observed.latencyBounds(binding.client, attempt.message.time, message.time).least;
}

/** Seconds that its replies took at least, of those of which no more is known. */
export function untimedReplies({ attempts, binding }: Cycle, { observed }: Context): ReadonlyMap<Reply, number> {
  if (!observed.points.everStalled) return NONE;
  const untimed = new Map<Reply, number>();
  for (const { message, replies } of attempts) {
    for (const reply of replies) {
      if (observed.isTimed(binding.client, message.time, reply.message.time)) continue;
      untimed.set(reply, observed.latencyBounds(binding.client, message.time, reply.message.time).least);
    }
  }
  return untimed;
}

const NONE: ReadonlyMap<Reply, number> = new Map();

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
