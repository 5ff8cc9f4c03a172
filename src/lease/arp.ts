import { secondsBetween, type Instant } from "../capture/instant.js";
import type { Binding, Client, Unresolved } from "./cycle.js";
import type { FrameRef, Point } from "./message.js";

/** An ARP in which a DHCP server's address asks or is asked for. Addresses as numbers, network order. */
export interface ArpEvent {
  readonly kind: "arp";
  readonly instant: Instant;
  /** The same in seconds since 1970. */
  readonly time: number;
  readonly point: Point;
  readonly frameNumber: number;
  /** 1 request, 2 reply (RFC 826). */
  readonly op: number;
  readonly senderMac: number;
  readonly senderIp: number;
  readonly targetIp: number;
}

const REQUEST = 1;
/** So many are kept of one renewal. */
const MOST = 64;

export function allResolved(): Unresolved {
  return { server: [], client: [] };
}

/** What an ARP of a client, or about it, tells of the renewal that it is in or that it is about to begin. */
export function noteArp(event: ArpEvent, asker: Client | null, asked: Binding | null): void {
  if (event.op === REQUEST && event.senderIp === event.targetIp) {
    return;
  }
  const own = asker?.bindings.find((binding) => holds(binding, event.senderIp)) ?? null;
  if (own !== null) {
    // It speaks from the address that the server may have asked for.
    unresolvedOf(own).client.length = 0;
    if (event.op === REQUEST) keep(unresolvedOf(own).server, event);
    return;
  }
  if (asked === null) {
    return;
  }
  if (event.op === REQUEST) {
    keep(unresolvedOf(asked).client, event);
  } else {
    unresolvedOf(asked).server.length = 0;
  }
}

/** It has that address, or an ACK that gives it. */
function holds({ lease, cycle }: Binding, address: number): boolean {
  return (
    lease?.address === address ||
    (cycle?.kind === "acquisition" && cycle.waiting.some(({ message }) => message.dhcp.yiaddr === address))
  );
}

/** Takes out what came after `since`, the reply that renewed a lease: it belongs to the renewal after that. */
export function takeLater(unresolved: Unresolved, since: Instant): Unresolved {
  return { server: later(unresolved.server, since), client: later(unresolved.client, since) };
}

function later(frames: FrameRef[], since: Instant): FrameRef[] {
  const after = frames.filter(({ instant }) => secondsBetween(since, instant) > 0);
  frames.splice(frames.length - after.length, after.length);
  return after;
}

function unresolvedOf(binding: Binding): Unresolved {
  return binding.cycle?.kind === "renewal" ? binding.cycle.unresolved : binding.unresolved;
}

function keep(frames: FrameRef[], { point, frameNumber, instant }: ArpEvent): void {
  if (frames.length < MOST) frames.push({ point, frameNumber, instant });
}
