import { addSeconds, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { LossFinding } from "../findings/finding.js";
import { hasCostTheAddress } from "../findings/prose/loss.js";
import type { Attempt, RenewalCycle } from "../lease/cycle.js";
import { deadlines, type Deadlines } from "../lease/timers.js";
import { answerMark, askedMark, type AnswerMark, type AskedMark } from "./timeline-marks.js";

/** One message of the client, and what came of it. */
export interface TimelineEvent {
  readonly at: Instant;
  readonly asked: AskedMark;
  readonly answer: AnswerMark;
}

/** A renewal that was lost, against its timers: what there is to draw. */
export interface Timeline {
  /** null: before the capture. */
  readonly granted: Instant | null;
  /** null: not known. */
  readonly timers: Deadlines | null;
  readonly events: readonly TimelineEvent[];
  /** When the address was lost; null: it was not. */
  readonly lostAt: Instant | null;
  /** When the client had an address again. */
  readonly again: Instant | null;
  /** What the line shows, from its first to its last column. */
  readonly from: Instant;
  readonly to: Instant;
  /** Of how many lost renewals this is one. */
  readonly of: number;
}

/** Fewer attempts than this are told in a sentence. */
const FEWEST = 3;

/** A span of messages that takes up less of the lease than this is drawn alone, larger. */
const SMALL_PART = 0.2;

/** The renewal that cost the client its address, else the last; null: too little to draw. */
export function timelineOf(finding: LossFinding): Timeline | null {
  const renewals = finding.diagnoses.map(({ cycle }) => cycle).filter((cycle) => cycle.kind === "renewal");
  const cycle = renewals.find((renewal) => hasCostTheAddress(renewal)) ?? renewals.at(-1);
  if (cycle === undefined) return null;
  const events = eventsOf(finding, cycle);
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined || events.length < FEWEST) return null;
  const before = cycle.grantedBefore;
  const timers = before === null ? null : deadlines(before.granted, before.terms);
  const granted = timers === null ? null : (before?.granted ?? null);
  const lostAt = hasCostTheAddress(cycle) ? (cycle.lease.lostAt ?? cycle.ended) : null;
  const again = regained(cycle);
  const end = latest([last.at, lostAt, again]);
  const whole = { from: granted ?? first.at, to: latest([end, timers?.expires ?? null]) };
  const part = secondsBetween(first.at, end) / secondsBetween(whole.from, whole.to);
  const view = part < SMALL_PART ? { from: first.at, to: end } : whole;
  return { granted, timers, events, lostAt, again, ...view, of: renewals.length };
}

/** From the renewal on until the client has an address again, or the next renewal begins. */
function eventsOf(finding: LossFinding, cycle: RenewalCycle): TimelineEvent[] {
  const next = finding.diagnoses.find(
    (other) => other.cycle.kind === "renewal" && secondsBetween(cycle.started, other.cycle.started) > 0,
  );
  const until = next?.cycle.started ?? null;
  return finding.diagnoses
    .flatMap(({ cycle: { attempts }, causes }) =>
      attempts.map((attempt) => ({ message: attempt.message, attempt, cause: causes.get(attempt)?.cause ?? null })),
    )
    .filter(({ message }) => secondsBetween(cycle.started, message.instant) >= 0)
    .filter(({ message }) => until === null || secondsBetween(message.instant, until) > 0)
    .filter(({ attempt }) => !isSecondHalf(attempt))
    .map(({ attempt, cause }) => ({
      at: attempt.message.instant,
      asked: askedMark(attempt),
      answer: answerMark(attempt, cause),
    }));
}

/** The REQUEST that follows an accepted OFFER and went well: the DISCOVER stands for both. */
function isSecondHalf({ state, replies }: Attempt): boolean {
  return (
    state === "SELECTING" && replies.some(({ outcome, message }) => outcome === "accepted" && message.kind === "ACK")
  );
}

function regained({ lease }: RenewalCycle): Instant | null {
  return lease.lostAt === null || lease.outage === null ? null : addSeconds(lease.lostAt, lease.outage);
}

function latest(instants: readonly (Instant | null)[]): Instant {
  const known = instants.filter((instant) => instant !== null);
  return known.reduce((a, b) => (toSeconds(b) > toSeconds(a) ? b : a));
}
