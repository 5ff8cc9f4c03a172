import type { AcquisitionCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { accepted, ignored, UNDECIDED, type Ruling } from "./decide.js";

/** A client that has not repeated its REQUEST for this long after the ACK is content; seconds. */
const CONTENT = 20;
/** After this many ACKs, each followed by a DISCOVER of the same software, it is no boot loader handing over. */
const LOOPS = 3;

/** What the client's next message proves of an ACK to a REQUEST in SELECTING or INIT-REBOOT. */
export function ruleOnAck(cycle: AcquisitionCycle, ack: Reply, next: Message, usedAddress: boolean): Ruling {
  const address = ack.message.dhcp.yiaddr;
  switch (next.kind) {
    case "RELEASE":
    case "DECLINE":
    case "INFORM":
      return accepted("address-used");
    case "REQUEST":
      if (next.serverId === null && next.dhcp.ciaddr !== 0 && (next.dhcp.ciaddr === address || address === 0)) {
        return accepted("address-used");
      }
      if (next.xid === ack.attempt.message.xid && next.requested === ack.attempt.message.requested) {
        return ignored("asked-again");
      }
      return usedAddress ? accepted("address-used") : UNDECIDED;
    case "DISCOVER":
      if (usedAddress) {
        return accepted("address-used");
      }
      if (
        cycle.attempts.some(({ replies }) => replies.some((reply) => reply.proof === "asked-again" && isAck(reply)))
      ) {
        return ignored("gave-up");
      }
      if (next.time - ack.message.time >= CONTENT) {
        return accepted("went-silent");
      }
      if (ack.message.leaseTime !== null && next.time - ack.attempt.message.time >= ack.message.leaseTime) {
        // What it was given is over: to begin anew is no refusal.
        return UNDECIDED;
      }
      return cycle.binding.loops + 1 >= LOOPS ? ignored("looped") : UNDECIDED;
    default:
      return UNDECIDED;
  }
}

/** What silence until `now` (seconds since 1970) proves of it. */
export function ruleOnSilence(ack: Reply, now: number, usedAddress: boolean): Ruling {
  if (usedAddress) {
    return accepted("address-used");
  }
  return now - ack.message.time >= CONTENT ? accepted("went-silent") : UNDECIDED;
}

function isAck(reply: Reply): boolean {
  return reply.message.kind === "ACK";
}
