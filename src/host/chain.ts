import type { Bridge, HostFacts } from "./facts.js";

/**
 * The bridges that a guest's frames pass, its own first. Proxmox' firewall and OpenStack's hybrid ports put a small
 * bridge before the common one (fwbr105i0 before vmbr0, qbr7f3a9c21-4b before br-int), joined to it by a pair of veths.
 */
export function bridgesFrom(bridge: Bridge, { bridges }: Pick<HostFacts, "bridges">): readonly Bridge[] {
  const way = [bridge];
  for (let last: Bridge | undefined = bridge; last !== undefined;) {
    last = nextBridge(last, bridges, way);
    if (last !== undefined) way.push(last);
  }
  return way;
}

function nextBridge({ ports }: Bridge, bridges: readonly Bridge[], way: readonly Bridge[]): Bridge | undefined {
  // A bridge of several guests is where their frames meet: a veth in it leads to somebody else.
  if (ports.filter(({ kind }) => kind === "tap").length > 1) return undefined;
  const peers = new Set(ports.flatMap(({ peer }) => peer ?? []));
  return bridges.find((other) => !way.includes(other) && other.ports.some(({ name }) => peers.has(name)));
}
