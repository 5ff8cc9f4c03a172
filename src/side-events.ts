import { toSeconds, type Instant } from "./capture/instant.js";
import type { Circumstances } from "./input-host.js";
import type { ArpEvent } from "./lease/arp.js";
import type { UnreachableEvent } from "./lease/unreachables.js";
import type { SeenServers } from "./seen-servers.js";
import { arpAddress, decodeArp } from "./wire/arp.js";
import { decodeIcmpError } from "./wire/icmp.js";

const PORT_UNREACHABLE = 3;

/** An ICMP port unreachable about a DHCP datagram, in the IPv4 datagram at `ip`; null: it is another error, or cut. */
export function unreachableEvent(
  view: DataView,
  ip: number,
  end: number,
  instant: Instant,
  { name: input, frames: frameNumber }: { readonly name: string; readonly frames: number },
): UnreachableEvent | null {
  const error = decodeIcmpError(view, ip, end);
  if (error?.code !== PORT_UNREACHABLE) return null;
  return { kind: "unreachable", instant, time: toSeconds(instant), input, frameNumber, quoted: error.quoted };
}

/** An ARP, at `arp`, that asks for a DHCP server, or that one sends: unicasts hang on it. */
export function concernsServer(view: DataView, arp: number, end: number, servers: SeenServers): boolean {
  return servers.has(arpAddress(view, arp, end, "target")) || servers.has(arpAddress(view, arp, end, "sender"));
}

/** Null: it is cut, not IPv4 over Ethernet, or of no known place or time. */
export function arpEvent(view: DataView, arp: number, end: number, seen: Circumstances | null): ArpEvent | null {
  const decoded = decodeArp(view, arp, end);
  if (decoded === null || seen?.timed !== true) return null;
  const { point, frameNumber, instant } = seen;
  return { kind: "arp", instant, time: toSeconds(instant), point, frameNumber, ...decoded };
}
