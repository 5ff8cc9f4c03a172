import type { Finding } from "../findings/finding.js";
import { isUnicast, type FrameRef, type Sighting } from "../lease/message.js";
import type { Bridge, HostFacts, Port } from "./facts.js";

/** The port of this host behind which a client is, and how that is known. */
export interface ClientPort {
  readonly port: Port;
  readonly bridge: Bridge | null;
  /**
   * card: the machine's card has its address. switch: the bridge has seen it there. capture: it was captured at this tap,
   * of whose guest no address is known.
   */
  readonly by: "card" | "switch" | "capture";
}

/** What a host knows, for those who tell of its clients. A value: it reads nothing more. */
export interface HostView {
  readonly facts: HostFacts;
  /** @returns null for a client that is not known to be behind a port of this host */
  portOf(finding: Pick<Finding, "binding" | "evidence">): ClientPort | null;
  /** @param mac lower case, with colons */
  portOfMac(mac: string): ClientPort | null;
}

type Found = Omit<ClientPort, "by">;

export function viewOf(facts: HostFacts): HostView {
  const ports: Found[] = [
    ...facts.bridges.flatMap((bridge) => bridge.ports.map((port) => ({ port, bridge }))),
    ...facts.loose.map((port) => ({ port, bridge: null })),
  ];
  const cards = new Map(ports.flatMap((found) => macsOf(found.port).map((mac) => [mac, found] as const)));
  const learned = new Map<string, Found>();
  for (const found of ports) {
    for (const mac of found.port.learned) {
      // A guest is learned at each bridge on its way: its tap says more than the veth to it.
      if ((learned.get(mac)?.port.tap ?? null) === null) learned.set(mac, found);
    }
  }
  const tails = tailsOf(ports);
  const portOfMac = (mac: string): ClientPort | null => {
    const card = cards.get(mac) ?? tails.get(tailOf(mac));
    if (card !== undefined) return { ...card, by: "card" };
    const seen = learned.get(mac);
    return seen === undefined ? null : { ...seen, by: "switch" };
  };
  return {
    facts,
    portOfMac,
    portOf: ({ binding, evidence }) => {
      if (binding === null) return null;
      const known = portOfMac(binding.client.address);
      if (known !== null) return known;
      const name = soleInterface(evidence);
      const found = ports.find(({ port }) => port.name === name && port.tap !== null && macsOf(port).length === 0);
      return found === undefined ? null : { ...found, by: "capture" };
    },
  };
}

function macsOf({ tap, label }: Port): string[] {
  return [tap?.machine?.nic?.mac, label?.mac].flatMap((mac) => mac ?? []);
}

/** libvirt gives a tap its guest's address with fe in front. */
function tailsOf(ports: readonly Found[]): ReadonlyMap<string, Found> {
  return new Map(
    ports.flatMap((found) => {
      const { kind, mac } = found.port;
      const isOfGuest = kind === "tap" && mac?.startsWith("fe:") === true && macsOf(found.port).length === 0;
      return isOfGuest ? [[tailOf(mac), found] as const] : [];
    }),
  );
}

function tailOf(mac: string): string {
  return mac.slice("fe:".length);
}

/** Where all of it was captured, if that was one interface and something in it was for one client alone. */
function soleInterface(evidence: readonly FrameRef[]): string | null {
  const sightings = evidence.filter(isSighting);
  const names = new Set(sightings.map(({ point }) => point.interface));
  const [name = null] = names;
  return names.size === 1 && sightings.some(isUnicast) ? name : null;
}

function isSighting(ref: FrameRef): ref is Sighting {
  return "frame" in ref;
}
