import { addSeconds, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { Cause } from "../findings/cause.js";
import type { LossFinding } from "../findings/finding.js";
import { hasCostTheAddress } from "../findings/prose/loss.js";
import type { Attempt, RenewalCycle } from "../lease/cycle.js";
import { deadlines, type Deadlines } from "../lease/timers.js";
import { answersTo, askedMark, type AnswerMark, type AskedMark, type Drawn } from "./timeline-marks.js";

/** A message of the client, and what became of it: each reply at its own time, no answer at that of the question. */
export interface Exchange {
  readonly asked: Drawn<AskedMark>;
  readonly answers: readonly Drawn<AnswerMark>[];
}

/** A renewal that was lost, against its timers: what there is to draw. */
export interface Timeline {
  /** null: before the capture. */
  readonly granted: Instant | null;
  /** null: not known. */
  readonly timers: Deadlines | null;
  /** The server sent neither T1 nor T2, so that these are what clients take for them then. */
  readonly assumed: boolean;
  /** The client asked before that T1, so that it has another. */
  readonly asksEarlier: boolean;
  /** In order of time. */
  readonly exchanges: readonly Exchange[];
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
  const exchanges = attemptsOf(finding, cycle).map(({ attempt, cause }) => ({
    asked: { at: attempt.message.instant, mark: askedMark(attempt) },
    answers: answersTo(attempt, cause),
  }));
  const first = exchanges[0]?.asked;
  if (first === undefined || exchanges.length < FEWEST) return null;
  const before = cycle.grantedBefore;
  const timers = before === null ? null : deadlines(before.granted, before.terms);
  const granted = timers === null ? null : (before?.granted ?? null);
  const lostAt = hasCostTheAddress(cycle) ? (cycle.lease.lostAt ?? cycle.ended) : null;
  const again = regained(cycle);
  const moments = exchanges.flatMap(({ asked, answers }) => [asked.at, ...answers.map(({ at }) => at)]);
  const end = latest([...moments, ...[lostAt, again].filter((at) => at !== null)]);
  const whole = { from: granted ?? first.at, to: latest([end, timers?.expires ?? end]) };
  const part = secondsBetween(first.at, end) / secondsBetween(whole.from, whole.to);
  const view = part < SMALL_PART ? { from: first.at, to: end } : whole;
  const assumed = before?.terms.timers === "defaults";
  const asksEarlier = assumed && timers !== null && secondsBetween(first.at, timers.t1) > 1;
  return { granted, timers, assumed, asksEarlier, exchanges, lostAt, again, ...view, of: renewals.length };
}

/** From the renewal on until the client has an address again, or the next renewal begins. */
function attemptsOf(finding: LossFinding, cycle: RenewalCycle): { attempt: Attempt; cause: Cause | null }[] {
  const next = finding.diagnoses.find(
    (other) => other.cycle.kind === "renewal" && secondsBetween(cycle.started, other.cycle.started) > 0,
  );
  const until = next?.cycle.started ?? null;
  return finding.diagnoses
    .flatMap(({ cycle: { attempts }, causes }) =>
      attempts.map((attempt) => ({ attempt, cause: causes.get(attempt)?.cause ?? null })),
    )
    .filter(({ attempt: { message } }) => secondsBetween(cycle.started, message.instant) >= 0)
    .filter(({ attempt: { message } }) => until === null || secondsBetween(message.instant, until) > 0)
    .filter(({ attempt }) => !isSecondHalf(attempt));
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

function latest(instants: readonly Instant[]): Instant {
  return instants.reduce((a, b) => (toSeconds(b) > toSeconds(a) ? b : a));
}
