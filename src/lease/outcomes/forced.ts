import { toSeconds } from "../../capture/instant.js";
import type { RenewalCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { TOO_EARLY } from "../schedule.js";
import { termsOf } from "../timers.js";
import { accepted, UNDECIDED, type Ruling } from "./decide.js";

/** It broadcasts this soon after a unicast that it was told to send and that had no answer; seconds, with some slack. */
const IMPATIENCE = 3.5;
/** It asks again by unicast only while more than half a minute is left, and waits for half of that; some less for slack. */
const SHORTEST = 12;
const SLACK = 0.8;

/**
 * busybox udhcpc (networking/udhcp/dhcpc.c) retries a renewal that had no answer by broadcast after two or three
 * seconds, or by unicast after half of what is left of the lease. A unicast in between was asked for by hand (SIGUSR1),
 * and the reply before it had been taken. null: no such thing.
 */
export function ruleOnForced(cycle: RenewalCycle, { attempt, message }: Reply, next: Message): Ruling | null {
  if (cycle.binding.software?.name !== "udhcpc") {
    return null;
  }
  const wait = next.time - attempt.message.time;
  if (next.broadcast) {
    // A retry would have come long before; at half of the lease, its unicast was not sent, or was lost before this point.
    const due = TOO_EARLY * ((termsOf(message)?.leaseTime ?? Infinity) / 2);
    return wait > Math.max(IMPATIENCE, due) ? accepted("on-schedule") : null;
  }
  if (!attempt.message.broadcast && wait >= soonestRetry(cycle, attempt.message)) {
    return null;
  }
  return next.time - message.time > IMPATIENCE ? accepted("on-schedule") : UNDECIDED;
}

function soonestRetry({ lease: { granted, terms } }: RenewalCycle, request: Message): number {
  const left = granted === null || terms === null ? 0 : toSeconds(granted) + terms.leaseTime - request.time;
  return Math.max(SHORTEST, (SLACK * left) / 2);
}
