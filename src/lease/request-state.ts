import type { Cycle, RequestState } from "./cycle.js";
import type { Message } from "./message.js";

/** RFC 2131 §4.3.2, table 4, with the deviations that are seen: ciaddr beside a server identifier. */
export function requestState(message: Message, open: Cycle | null): RequestState {
  if (message.dhcp.ciaddr !== 0 && !(message.requested !== null && message.serverId !== null)) {
    return message.broadcast ? "REBINDING" : "RENEWING";
  }
  if (message.serverId !== null || message.dhcp.cut) {
    return "SELECTING";
  }
  return open?.kind === "acquisition" && open.from === "INIT" && open.attempts.at(-1)?.message.xid === message.xid
    ? "SELECTING"
    : "INIT-REBOOT";
}
