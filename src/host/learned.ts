import { formatMac } from "../wire/addresses.js";
import { parseForwarding } from "./forwarding.js";
import type { System } from "./system.js";

/** A guest may send from many addresses; more than these are not kept of one port. */
const MOST = 64;

/** Hardware addresses that a Linux bridge has learned, by the port behind which each was seen last. */
export function readLearned(system: System, bridge: string): ReadonlyMap<string, readonly string[]> {
  const folder = `/sys/class/net/${bridge}`;
  const bytes = system.readBytes(`${folder}/brforward`);
  const learned = new Map<string, string[]>();
  if (bytes === null) return learned;
  const ports = system
    .list(`${folder}/brif`)
    .map((name): [number, string] => [Number(system.read(`${folder}/brif/${name}/port_no`) ?? NaN), name]);
  for (const { mac, port } of parseForwarding(bytes, new Map(ports))) {
    const known = learned.get(port) ?? [];
    if (known.length < MOST) learned.set(port, [...known, formatMac(mac)]);
  }
  return learned;
}
