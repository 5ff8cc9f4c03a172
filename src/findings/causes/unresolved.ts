import { secondsBetween, toSeconds, type Instant } from "../../capture/instant.js";
import type { RenewalCycle } from "../../lease/cycle.js";
import type { FrameRef } from "../../lease/message.js";
import type { Judgement } from "../cause.js";
import type { Context } from "../context.js";
import { rescueOf, unicastsOf } from "../contrast.js";

/** ARP is asked for again after a second (RFC 1122 §2.3.2.1); closer ones are one question at several points. */
const APART = 0.5;

/**
 * The client could not send its unicast REQUEST: it asked by ARP for its server, and nobody answered. The server names
 * an address that does not exist here, or ARP is filtered.
 */
export function judgeUnresolved(cycle: RenewalCycle, context: Context): Judgement | null {
  const { server } = cycle.unresolved;
  // An ARP answer goes to one address: where the client's unicasts do not pass, it would not be seen.
  if (
    cycle.blind ||
    server.length === 0 ||
    unicastsOf(cycle).length > 0 ||
    !context.showsUnicasts(cycle.binding.client)
  ) {
    return null;
  }
  const [first, last] = [server[0]?.instant, server.at(-1)?.instant];
  if (first !== undefined && last !== undefined && mayBeAnswered(cycle, first, last, context)) {
    return null;
  }
  const rescue = rescueOf(cycle);
  const broadcasts = cycle.attempts.length;
  if (broadcasts > 0 && rescue === null) {
    // It asked everybody, too: why that had no answer says more.
    return null;
  }
  if (questions(server) < 2) {
    return {
      cause: "unicast-blocked",
      confidence: "possible",
      alternatives: ["no-request"],
      witness: "arp-unanswered",
    };
  }
  return rescue === null
    ? { cause: "unicast-blocked", confidence: "likely", alternatives: ["no-reply"], witness: "arp-unanswered" }
    : { cause: "unicast-blocked", confidence: "certain", alternatives: [], witness: "arp-unanswered" };
}

/** Somebody may have answered between these times, or right after. */
function mayBeAnswered({ binding }: RenewalCycle, first: Instant, last: Instant, { observed }: Context): boolean {
  return observed.mayHaveMissed(binding.client, toSeconds(first), toSeconds(last) + APART);
}

function questions(frames: readonly FrameRef[]): number {
  return frames.filter((frame, index) => {
    const before = frames[index - 1];
    return before === undefined || secondsBetween(before.instant, frame.instant) > APART;
  }).length;
}
