import type { AcquisitionCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { accept, ignore, setAside } from "./decide.js";

/** What became of OFFERs, told by the client's next DISCOVER or REQUEST (RFC 2131 §4.4.1). */
export function decideOffers(cycle: AcquisitionCycle, offers: readonly Reply[], next: Message): void {
  const { binding } = cycle;
  if (next.kind === "DISCOVER") {
    for (const offer of offers) {
      ignore(binding, offer, "asked-again");
    }
    return;
  }
  if (next.kind !== "REQUEST") {
    return;
  }
  const named = offers.filter(({ message }) => isNamedBy(message, next));
  const chosen = named.find(({ message }) => message.xid === next.xid) ?? named[0];
  for (const offer of offers) {
    if (offer === chosen) {
      accept(binding, offer, "named-by-request");
    } else if (chosen !== undefined || next.serverId !== null) {
      setAside(offer, "not-chosen", "named-other");
    } else {
      ignore(binding, offer, "asked-again");
    }
  }
}

function isNamedBy(offer: Message, request: Message): boolean {
  if (request.dhcp.cut || offer.dhcp.cut) {
    return request.xid === offer.xid;
  }
  const address = request.requested ?? request.dhcp.ciaddr;
  return offer.dhcp.yiaddr === address && (request.serverId === null || request.serverId === offer.serverId);
}
