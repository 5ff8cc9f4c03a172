import type { Counters, PortKind } from "./facts.js";
import type { System } from "./system.js";

/** Network devices as /sys/class/net shows them. */

const TUN = 0x0001;
/** linux/if_tun.h. */
const VNET_HDR = 0x4000;

export interface Device {
  readonly name: string;
  readonly kind: PortKind;
  readonly mac: string | null;
  readonly state: string | null;
  readonly master: string | null;
  readonly vnetHeader: boolean | null;
  readonly counters: Counters | null;
}

export function deviceNames(system: System): readonly string[] {
  return system.list("/sys/class/net").filter((name) => name !== "bonding_masters");
}

export function readDevice(system: System, name: string): Device {
  const at = (file: string): string | null => system.read(`/sys/class/net/${name}/${file}`)?.trim() ?? null;
  const flags = at("tun_flags");
  const tun = flags === null ? null : Number(flags);
  const master = system.link(`/sys/class/net/${name}/master`);
  return {
    name,
    kind: kindOf(system, name, tun, at("uevent") ?? "", at("iflink") !== at("ifindex")),
    mac: at("address"),
    state: at("operstate"),
    master: master === null ? null : master.slice(master.lastIndexOf("/") + 1),
    vnetHeader: tun === null ? null : (tun & VNET_HDR) !== 0,
    counters: countersOf((counter) => at(`statistics/${counter}`)),
  };
}

function kindOf(system: System, name: string, tun: number | null, uevent: string, linked: boolean): PortKind {
  if (tun !== null) return (tun & TUN) === 0 ? "tap" : "tun";
  const type = /^DEVTYPE=(\w+)$/m.exec(uevent)?.[1];
  if (type === "bridge" || type === "vxlan" || type === "vlan" || type === "bond") return type;
  if (system.list(`/sys/class/net/${name}/device`).length > 0) return "physical";
  return linked ? "veth" : "other";
}

function countersOf(counter: (name: string) => string | null): Counters | null {
  const value = (name: string): number => Number(counter(name) ?? NaN);
  const counters: Counters = {
    received: value("rx_packets"),
    sent: value("tx_packets"),
    receiveErrors: value("rx_errors"),
    sendErrors: value("tx_errors"),
    receiveDropped: value("rx_dropped"),
    sendDropped: value("tx_dropped"),
    collisions: value("collisions"),
  };
  return Object.values(counters).some(Number.isNaN) ? null : counters;
}
