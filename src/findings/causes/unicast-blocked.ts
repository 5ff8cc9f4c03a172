import type { Attempt, Cycle } from "../../lease/cycle.js";
import type { Judgement } from "../cause.js";
import { isSound, serverOf, type Context } from "../context.js";
import {
  isAnsweredAround,
  losesSoundUnicasts,
  lostItsUnicasts,
  rescueOf,
  sameWay,
  unicastsOf,
  wasAlive,
  wasSilentToBroadcasts,
} from "../contrast.js";

/**
 * Unicast renewals are never answered, the broadcast to rebind is: filters, routes, a relay that hides the way. Where
 * the client gave up before it rebound, its other renewals tell.
 */
export function judgeUnicastBlocked(cycle: Cycle, attempt: Attempt, context: Context): Judgement | null {
  if (cycle.kind !== "renewal" || attempt.message.broadcast || !lostItsUnicasts(cycle, context)) {
    return null;
  }
  const same = sameWay(cycle, context);
  if (!same.some((other) => rescueOf(other) !== null) || (same.length < 2 && isAnsweredAround(cycle))) {
    return null;
  }
  const unicasts = unicastsOf(cycle);
  const server = serverOf(cycle, attempt, context);
  const alive = server !== null && wasAlive(server, unicasts);
  if (!alive && same.length < 2 && wasDown(cycle, unicasts, context)) {
    return null;
  }
  if (unicasts.length < 2 && same.length < 2) {
    return { cause: "unicast-blocked", confidence: "possible", alternatives: ["no-reply"], witness: null };
  }
  if (!unicasts.some(isSound) && (server === null || !losesSoundUnicasts(server, context))) {
    if (rescueOf(cycle) === null) {
      return null;
    }
    return { cause: "unicast-blocked", confidence: "likely", alternatives: ["request-partial"], witness: null };
  }
  return alive || same.length >= 2
    ? { cause: "unicast-blocked", confidence: "certain", alternatives: [], witness: "answers-others" }
    : { cause: "unicast-blocked", confidence: "likely", alternatives: ["no-reply"], witness: "broadcast-answered" };
}

/** Nobody was answered then, by broadcast neither: the server was down, and up again when the rebind came. */
function wasDown(cycle: Extract<Cycle, { kind: "renewal" }>, unicasts: readonly Attempt[], context: Context): boolean {
  const from = unicasts[0]?.message.time ?? 0;
  const to = rescueOf(cycle)?.message.time ?? from;
  return wasSilentToBroadcasts(cycle, from, to, context);
}
