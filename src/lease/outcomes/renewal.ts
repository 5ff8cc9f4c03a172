import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { expiryTolerance, termsOf } from "../timers.js";
import { renewalDue, TOO_EARLY } from "../schedule.js";
import { accepted, ignored, UNDECIDED, type Ruling } from "./decide.js";
import { ruleOnForced } from "./forced.js";
import { ruleByRhythm } from "./rhythm.js";

/** secs counts whole seconds and may be set a moment before sending. */
const SECS_SLACK = 2;
/** Timers of whole seconds and clients that draw their T1, in seconds. */
const SLACK = 1;
/** So many renewals in a row may be asked for by hand before T1; more are retries. */
const FORCED = 4;
/** A client that acts on its expiry does so within this, in seconds; on long leases, reboots come as near as 4 % too. */
const AT_EXPIRY = 10;
/** A rebind before this part of the T2 that the reply would have given. */
const BEFORE_T2 = 0.9;
/** So long after the old expiry, as a part of the lease, no client goes on using its address unless it was renewed. */
const LONG_EXPIRED = 0.2;
/**
 * Clients wait this long for their next attempt even where T2 or the expiry comes before it, in seconds (RFC 2131 §4.4.5:
 * "down to a minimum of 60 seconds"), and some look at the clock only then.
 */
const RETRY_FLOOR = 60;
/** After this long, secs that begins anew means a new transaction rather than a hasty retry; seconds. */
const NEW_START = 3;

/**
 * What the client's next message proves of an ACK to a renewal. A reply that was ignored restarts no timer: the client
 * goes on as if it had not come. The first rule that fits decides.
 */
export function ruleOnRenewalAck(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  switch (next.kind) {
    case "REQUEST":
      return next.dhcp.ciaddr === 0 ? ruleOnRestart(cycle, ack, next) : ruleOnNextRequest(cycle, ack, next);
    case "DISCOVER":
      return ruleOnRestart(cycle, ack, next);
    default:
      return UNDECIDED;
  }
}

function ruleOnNextRequest(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  const gap = next.time - ack.message.time;
  // T1 counts from the sending of the request that was granted (RFC 2131 §4.4.5), however late the reply.
  const since = next.time - ack.attempt.message.time;
  const expected = expectedGap(cycle, ack);
  const old = cycle.grantedBefore;
  const oldT2 = old === null ? null : toSeconds(old.granted) + old.terms.t2;
  const last = cycle.attempts.at(-1)?.message ?? ack.attempt.message;
  if (hasOutlived(cycle, next)) {
    return accepted("address-used");
  }
  const forced = ruleOnForced(cycle, ack, next);
  if (forced !== null) {
    return forced;
  }
  if (
    next.broadcast &&
    !last.broadcast &&
    oldT2 !== null &&
    Math.abs(next.time - oldT2) <= slackAt(old?.terms.t2 ?? 0)
  ) {
    return ignored("went-broadcast");
  }
  const bySecs = ruleBySecs(cycle, next, gap, expected);
  if (bySecs !== null) {
    return bySecs;
  }
  const t2 = termsOf(ack.message)?.t2 ?? null;
  if (next.broadcast && (!last.broadcast || cycle.binding.renewsByUnicast) && t2 !== null && gap < BEFORE_T2 * t2) {
    return ignored("went-broadcast");
  }
  if (expected === null) {
    const goesBroadcast = next.broadcast && !last.broadcast && last === ack.attempt.message;
    return goesBroadcast ? ignored("went-broadcast") : ruleByRhythm(cycle, ack, next);
  }
  if (skipsUnicast(cycle, ack, next) && since <= RETRY_FLOOR + SLACK) {
    return ignored("went-broadcast");
  }
  if (since >= TOO_EARLY * expected - SLACK || termsOf(ack.message)?.odd === true) {
    return accepted("on-schedule");
  }
  if (isHalfWay(cycle, ack, next)) {
    return ignored("too-early");
  }
  if (!wasDue(cycle)) {
    return cycle.attempts.length >= FORCED ? ignored("repeated-retry") : UNDECIDED;
  }
  if (next.xid !== last.xid && !next.broadcast && !cycle.binding.changesXid) {
    // Somebody may have asked for a renewal by hand; but once it is due, nobody does so again and again.
    return cycle.attempts.length >= 2 ? ignored("repeated-retry") : UNDECIDED;
  }
  return ignored("too-early");
}

/** It turns to broadcast without another unicast, with which it would have begun its next renewal. */
function skipsUnicast({ attempts, binding }: RenewalCycle, { attempt }: Reply, next: Message): boolean {
  return next.broadcast && !attempt.message.broadcast && attempt === attempts.at(-1) && binding.renewsByUnicast;
}

/** RFC 2131 §4.4.5: after half of the time that is left until T2 it asks again. */
function isHalfWay({ grantedBefore }: RenewalCycle, { attempt }: Reply, next: Message): boolean {
  if (grantedBefore === null || next.broadcast) {
    return false;
  }
  const left = toSeconds(grantedBefore.granted) + grantedBefore.terms.t2 - attempt.message.time;
  return left > 0 && Math.abs(next.time - attempt.message.time - Math.max(left / 2, RETRY_FLOOR)) <= SLACK;
}

/** The cycle began when the client had to renew, as far as is known. */
function wasDue({ grantedBefore, attempts, binding }: RenewalCycle): boolean {
  const first = attempts[0];
  if (grantedBefore === null || first === undefined) {
    return true;
  }
  const due = TOO_EARLY * renewalDue(binding, grantedBefore.terms);
  return first.message.time >= toSeconds(grantedBefore.granted) + due;
}

/** It still uses its address long after the lease that it had would have ended. */
function hasOutlived({ grantedBefore }: RenewalCycle, next: Message): boolean {
  if (grantedBefore === null) {
    return false;
  }
  const { leaseTime } = grantedBefore.terms;
  const late = Math.max(leaseTime * LONG_EXPIRED, RETRY_FLOOR) + expiryTolerance(leaseTime);
  return next.time > toSeconds(grantedBefore.granted) + leaseTime + late;
}

/** secs says when the client began the transaction that it is in: before the reply, or after it (RFC 2131 table 1). */
function ruleBySecs(cycle: RenewalCycle, next: Message, gap: number, expected: number | null): Ruling | null {
  const first = cycle.attempts[0]?.message;
  if (first === undefined) {
    return null;
  }
  if (cycle.binding.software?.countsFromStart === true) {
    return null;
  }
  const granted = cycle.grantedBefore?.granted ?? null;
  const began = next.time - next.secs;
  const firstBegan = first.time - first.secs;
  const sinceGrant = granted === null ? first.secs <= SECS_SLACK : firstBegan > toSeconds(granted) + SECS_SLACK;
  const swapped = next.swappedSecs !== null && Math.abs(next.time - next.swappedSecs - firstBegan) <= SECS_SLACK;
  if (next.secs > 0 && sinceGrant && (Math.abs(began - firstBegan) <= SECS_SLACK || swapped)) {
    return ignored("still-counting");
  }
  if (next.secs > 1 || !cycle.binding.countsSecs || gap < NEW_START) {
    return null;
  }
  // Some count anew in each burst of retries: then it takes more than a 0 to believe that the last reply was taken.
  const early = expected !== null && gap < TOO_EARLY * expected;
  return cycle.turnedDown && early ? ignored("too-early") : accepted("counts-anew");
}

/** A DISCOVER, or a reboot that asks for its address again. */
function ruleOnRestart(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  const terms = termsOf(ack.message);
  const rhythm = terms === null ? ruleByRhythm(cycle, ack, next) : UNDECIDED;
  if (rhythm.outcome !== "unknown") {
    return rhythm;
  }
  const longest = longestWait(cycle);
  if (longest !== null && next.time - ack.message.time > Math.max(LONG_SILENCE, PATIENCE * longest)) {
    return accepted("went-silent");
  }
  if (next.kind === "DISCOVER" && cycle.attempts.length >= 2) {
    return ignored("gave-up");
  }
  const old = cycle.grantedBefore;
  const requested = ack.attempt.message.time;
  if (terms !== null && next.time > requested + terms.leaseTime - expiryTolerance(terms.leaseTime)) {
    return accepted("went-silent");
  }
  if (old !== null) {
    const expiry = toSeconds(old.granted) + old.terms.leaseTime;
    const close = Math.min(AT_EXPIRY, expiryTolerance(old.terms.leaseTime));
    return Math.abs(next.time - expiry) <= close ? ignored("gave-up") : UNDECIDED;
  }
  return ack.attempt.message.broadcast && next.kind === "DISCOVER" ? ignored("gave-up") : UNDECIDED;
}

/** Seconds from this reply to the next renewal, if the client took it. */
function expectedGap(cycle: RenewalCycle, ack: Reply): number | null {
  const terms = termsOf(ack.message) ?? cycle.grantedBefore?.terms ?? null;
  return terms === null ? null : renewalDue(cycle.binding, terms);
}

function slackAt(t2: number): number {
  return Math.max(2, 0.03 * t2);
}

/**
 * What silence until `now` (seconds since 1970) proves: a client that is there and had not taken the reply would have
 * asked again.
 */
export function ruleOnRenewalSilence(cycle: RenewalCycle, ack: Reply, now: number, lastSeen: number): Ruling {
  const silence = now - ack.message.time;
  const longest = longestWait(cycle);
  if (longest !== null && silence > PATIENCE * longest) {
    return accepted("went-silent");
  }
  if (cycle.grantedBefore === null) {
    return UNDECIDED;
  }
  const { granted, terms } = cycle.grantedBefore;
  const due = toSeconds(granted) + (ack.attempt.message.broadcast ? terms.leaseTime : terms.t2);
  return Math.min(now, lastSeen) > due + slackAt(terms.t2) ? accepted("went-silent") : UNDECIDED;
}

/** Back-off at most doubles; a client silent for longer than this many times its longest wait is content. */
const PATIENCE = 2.5;
/** Seconds; some clients draw each wait anew, and a long one may follow short ones. */
const LONG_SILENCE = 60;

/** The longest time between two attempts of this cycle, in seconds; null before the second. */
function longestWait(cycle: RenewalCycle): number | null {
  const times = cycle.attempts.map(({ message }) => message.time);
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return waits.length === 0 ? null : Math.max(...waits);
}
