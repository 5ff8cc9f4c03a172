import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { TOO_EARLY } from "../schedule.js";
import { accepted, ignored, UNDECIDED, type Ruling } from "./decide.js";

/** A wait this many times the longest between two retries was no wait for a retry. */
const MUCH_LONGER = 3;
const ABOUT_AS_LONG = 1.5;

/** No client that retries at a fixed pace waits longer, in seconds. */
const FIXED_RETRY = 120;

/**
 * Where no timer is in view (the capture cuts frames before their options): a client that waited much longer after a
 * reply than it then did between its retries was content with that reply.
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
  if (wait >= MUCH_LONGER * longest) {
    return accepted("on-schedule");
  }
  return wait <= ABOUT_AS_LONG * longest ? ignored("too-early") : UNDECIDED;
}

/** It asks again at once after a reply: as long after it as it took to ask the last time, or much sooner? */
function ruleByInterval(cycle: RenewalCycle, ack: Reply, next: Message): Ruling {
  const wait = next.time - ack.message.time;
  const { boundAt } = cycle.binding;
  const began = cycle.attempts[0]?.message.time;
  if (boundAt !== null && began !== undefined) {
    return wait < TOO_EARLY * (began - toSeconds(boundAt)) ? ignored("too-early") : accepted("on-schedule");
  }
  return wait > FIXED_RETRY ? accepted("on-schedule") : UNDECIDED;
}
