import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { TOO_EARLY } from "../schedule.js";
import { accepted, ignored, UNDECIDED, type Ruling } from "./decide.js";

/** A wait this many times the longest between two retries was no wait for a retry. */
const MUCH_LONGER = 3;
const ABOUT_AS_LONG = 1.5;
/** RFC 2131 §4.4.5: each wait is half of what is left until T2, and so half of the one before. */
const HALF = 0.5;
const ABOUT_HALF = 0.08;

/** No client that retries at a fixed pace waits longer, in seconds. */
const FIXED_RETRY = 120;

/**
 * Where no timer is in view (the capture cuts frames before their options): a client that waited much longer after a
 * reply than it then did between its retries was content with that reply, unless its waits halve each other.
 */
export function ruleByRhythm(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  const after = cycle.attempts.map(({ message }) => message.time).filter((time) => time > ack.message.time);
  const [first] = after;
  if (first === undefined) {
    return next.kind === "REQUEST" ? ruleByInterval(cycle, ack, next) : UNDECIDED;
  }
  const waits = [...after.slice(1), next.time].map((time, index) => time - (after[index] ?? time));
  const longest = Math.max(...waits);
  const wait = first - ack.message.time;
  if (isHalf(waits[0] ?? 0, wait)) {
    return ignored("too-early");
  }
  if (wait >= MUCH_LONGER * longest) {
    return accepted("on-schedule");
  }
  if (wait > ABOUT_AS_LONG * longest) {
    return UNDECIDED;
  }
  return wait > FIXED_RETRY ? accepted("on-schedule") : ignored("too-early");
}

/** It asks again at once after a reply: as long after it as it took to ask the last time, or much sooner? */
function ruleByInterval(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  const wait = next.time - ack.message.time;
  const { boundAt } = cycle.binding;
  const began = cycle.attempts[0]?.message.time;
  if (boundAt !== null && began !== undefined) {
    return wait < TOO_EARLY * (began - toSeconds(boundAt)) ? ignored("too-early") : accepted("on-schedule");
  }
  const before = cycle.attempts[cycle.attempts.indexOf(ack.attempt) - 1]?.message.time;
  if (before === undefined || wait <= FIXED_RETRY) {
    return UNDECIDED;
  }
  const waited = ack.attempt.message.time - before;
  if (isHalf(wait, waited)) {
    return ignored("too-early");
  }
  return wait >= TOO_EARLY * waited ? accepted("on-schedule") : UNDECIDED;
}

function isHalf(wait: number, before: number): boolean {
  return Math.abs(wait / before - HALF) <= ABOUT_HALF;
}
