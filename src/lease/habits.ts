import type { Attempt, Binding } from "./cycle.js";
import type { Message } from "./message.js";
import { guessSoftware } from "./software.js";

/** Transactions whose late replies are still known for what they are. */
const RECENT_XIDS = 16;

/** What a message tells of the client that sent it. Another software on the same hardware has habits of its own. */
export function learn(binding: Binding, message: Message): void {
  binding.name = message.hostname ?? binding.name;
  const software = guessSoftware(message) ?? binding.software;
  if (software?.name !== binding.software?.name) {
    binding.countsSecs = false;
    binding.changesXid = false;
    binding.renewalRatios.length = 0;
  }
  binding.software = software;
  binding.countsSecs ||= binding.software?.countsSecs === true;
}

/** Late replies to this transaction will be known. */
export function rememberXid(binding: Binding, xid: number): void {
  if (!binding.xids.includes(xid)) {
    binding.xids.push(xid);
    binding.xids.splice(0, binding.xids.length - RECENT_XIDS);
  }
}

/** @param last the attempt before, of the same renewal */
export function learnFromRenewal(binding: Binding, last: Attempt | null, request: Message): void {
  // udhcpc counts in rebinding alone, and 0 in its next renewal by unicast says nothing.
  binding.countsSecs ||= last !== null && !request.broadcast && request.secs > last.message.secs + 1;
  binding.changesXid ||= last !== null && last.message.xid !== request.xid && last.replies.length === 0;
  binding.renewsByUnicast ||= !request.broadcast;
}

/** @param attempt which was answered in time */
export function learnFromReply(binding: Binding, { message: { broadcast } }: Attempt): void {
  binding.answered[broadcast ? "broadcast" : "unicast"] = true;
  binding.unicastsAnswered += broadcast ? 0 : 1;
}
