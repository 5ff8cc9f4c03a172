import type { AcquisitionCycle, Reply } from "../cycle.js";
import type { Message } from "../message.js";
import { accept, ignore, setAside } from "./decide.js";

/** An OFFER that came this long after its DISCOVER, in seconds, found the client about to begin a new transaction. */
const LONG_AFTER = 5;

/** What became of OFFERs, told by the client's next DISCOVER or REQUEST (RFC 2131 §4.4.1). */
export function decideOffers(cycle: AcquisitionCycle, offers: readonly Reply[], next: Message): void {
  const { binding } = cycle;
  if (next.kind === "DISCOVER") {
    for (const offer of offers) {
      if (offer.latency > LONG_AFTER && next.xid !== offer.message.xid) {
        setAside(offer, "late", "transaction-over");
      } else if (prefersIpv6(offer)) {
        setAside(offer, "not-chosen", "asked-again");
      } else {
        ignore(binding, offer, "asked-again");
      }
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

/** RFC 8925: client and server agree to do without IPv4 for a while. */
function prefersIpv6({ message, attempt }: Reply): boolean {
  return attempt.message.ipv6Only && message.ipv6Only;
}

function isNamedBy(offer: Message, request: Message): boolean {
  if (request.dhcp.cut || offer.dhcp.cut) {
    return request.xid === offer.xid;
  }
  const address = request.requested ?? request.dhcp.ciaddr;
  return offer.dhcp.yiaddr === address && (request.serverId === null || request.serverId === offer.serverId);
}
