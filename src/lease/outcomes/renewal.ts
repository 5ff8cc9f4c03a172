import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { expiryTolerance, termsOf } from "../timers.js";
import { accepted, ignored, UNDECIDED, type Ruling } from "./decide.js";

/** secs counts whole seconds and may be set a moment before sending. */
const SECS_SLACK = 2;
/** Below this part of the time to the next renewal, asking again is no renewal; dhclient renews from 0.75 of T1 on. */
const TOO_EARLY = 0.7;
/** Below this part even a new transaction is no renewal by schedule. */
const FAR_TOO_EARLY = 0.3;
/** A rebind before this part of the T2 that the reply would have given. */
const BEFORE_T2 = 0.9;
/** A client whose renewals come later than this many times T1 keeps to a schedule of its own (udhcpc knows no T1). */
const OTHER_SCHEDULE = 1.5;
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
  const expected = expectedGap(cycle, ack);
  const old = cycle.lease;
  const oldT2 = old.granted !== null && old.terms !== null ? toSeconds(old.granted) + old.terms.t2 : null;
  const last = cycle.attempts.at(-1)?.message ?? ack.attempt.message;

  if (
    next.broadcast &&
    !last.broadcast &&
    oldT2 !== null &&
    Math.abs(next.time - oldT2) <= slackAt(old.terms?.t2 ?? 0)
  ) {
    return ignored("went-broadcast");
  }
  const bySecs = ruleBySecs(cycle, next, gap);
  if (bySecs !== null) {
    return bySecs;
  }
  if (next.broadcast && !last.broadcast) {
    const t2 = termsOf(ack.message)?.t2 ?? null;
    if (t2 !== null && gap < BEFORE_T2 * t2) {
      return ignored("went-broadcast");
    }
  }
  if (expected === null) {
    return next.broadcast && !last.broadcast ? ignored("went-broadcast") : UNDECIDED;
  }
  if (next.xid !== last.xid && !next.broadcast && !cycle.binding.changesXid) {
    if (gap >= FAR_TOO_EARLY * expected) {
      return accepted("on-schedule");
    }
    // Somebody may have asked for a renewal by hand, once; nobody does so again and again.
    return cycle.attempts.length >= 2 ? ignored("repeated-retry") : UNDECIDED;
  }
  return gap < TOO_EARLY * expected ? ignored("too-early") : accepted("on-schedule");
}

/** secs says when the client began the transaction that it is in: before the reply, or after it (RFC 2131 table 1). */
function ruleBySecs(cycle: RenewalCycle, next: Message, gap: number): Ruling | null {
  const first = cycle.attempts[0]?.message;
  if (first === undefined) {
    return null;
  }
  const began = next.time - next.secs;
  const firstBegan = first.time - first.secs;
  const { granted } = cycle.lease;
  const sinceGrant = granted === null ? first.secs <= SECS_SLACK : firstBegan > toSeconds(granted) + SECS_SLACK;
  if (next.secs > 0 && Math.abs(began - firstBegan) <= SECS_SLACK && sinceGrant) {
    return ignored("still-counting");
  }
  if (next.secs <= 1 && cycle.binding.countsSecs && gap >= NEW_START) {
    return accepted("counts-anew");
  }
  return null;
}

/** A DISCOVER, or a reboot that asks for its address again. */
function ruleOnRestart(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  if (next.kind === "DISCOVER" && cycle.attempts.length >= 2) {
    return ignored("gave-up");
  }
  const old = cycle.lease;
  const terms = termsOf(ack.message);
  const requested = ack.attempt.message.time;
  if (terms !== null && next.time > requested + terms.leaseTime - expiryTolerance(terms.leaseTime)) {
    return accepted("went-silent");
  }
  if (old.granted !== null && old.terms !== null) {
    const expiry = toSeconds(old.granted) + old.terms.leaseTime;
    return Math.abs(next.time - expiry) <= expiryTolerance(old.terms.leaseTime) ? ignored("gave-up") : UNDECIDED;
  }
  return ack.attempt.message.broadcast && next.kind === "DISCOVER" ? ignored("gave-up") : UNDECIDED;
}

/** Seconds from the grant to the next renewal, if the client took this reply: T1, or later if that is its habit. */
function expectedGap(cycle: RenewalCycle, ack: Reply): number | null {
  const terms = termsOf(ack.message);
  if (terms === null) {
    return null;
  }
  const habit = (cycle.binding.renewalRatio ?? 0) * terms.leaseTime;
  return habit > OTHER_SCHEDULE * terms.t1 ? habit : terms.t1;
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
  const { granted, terms } = cycle.lease;
  if (granted === null || terms === null) {
    return UNDECIDED;
  }
  const due = toSeconds(granted) + (ack.attempt.message.broadcast ? terms.leaseTime : terms.t2);
  return Math.min(now, lastSeen) > due + slackAt(terms.t2) ? accepted("went-silent") : UNDECIDED;
}

/** Back-off at most doubles; a client silent for longer than this many times its longest wait is content. */
const PATIENCE = 2.5;

/** The longest time between two attempts of this cycle, in seconds; null before the second. */
function longestWait(cycle: RenewalCycle): number | null {
  const times = cycle.attempts.map(({ message }) => message.time);
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return waits.length === 0 ? null : Math.max(...waits);
}
