import type { Counters, PortKind } from "./facts.js";
import { kindOf } from "./kinds.js";
import type { System } from "./system.js";

/** Network devices as /sys/class/net shows them. */

/** linux/if_tun.h. */
const VNET_HDR = 0x4000;

export interface Device {
  readonly name: string;
  readonly kind: PortKind;
  readonly mac: string | null;
  readonly state: string | null;
  readonly master: string | null;
  readonly index: string | null;
  /** What it is the other end of, or stands on: the index of a device of this or another network namespace. */
  readonly lower: string | null;
  readonly vnetHeader: boolean | null;
  readonly counters: Counters | null;
}

export function deviceNames(system: System): readonly string[] {
  return system.list("/sys/class/net").filter((name) => name !== "bonding_masters");
}

/** @param linkKinds what rtnetlink calls the kind of each device (IFLA_INFO_KIND), as far as it is known */
export function readDevice(system: System, name: string, linkKinds: ReadonlyMap<string, string>): Device {
  const at = (file: string): string | null => system.read(`/sys/class/net/${name}/${file}`)?.trim() ?? null;
  const flags = at("tun_flags");
  const tun = flags === null ? null : Number(flags);
  const [index, lower] = [at("ifindex"), at("iflink")];
  const master = system.link(`/sys/class/net/${name}/master`);
  return {
    name,
    kind: kindOf({
      name,
      tun,
      type: /^DEVTYPE=(\w+)$/m.exec(at("uevent") ?? "")?.[1] ?? null,
      hasMacvtap: system.list(`/sys/class/net/${name}/macvtap`).length > 0,
      hasHardware: system.list(`/sys/class/net/${name}/device`).length > 0,
      hasOtherEnd: index !== lower,
      linkKind: linkKinds.get(name) ?? null,
    }),
    mac: at("address"),
    state: at("operstate"),
    master: master === null ? null : master.slice(master.lastIndexOf("/") + 1),
    index,
    lower,
    vnetHeader: tun === null ? null : (tun & VNET_HDR) !== 0,
    counters: countersOf((counter) => at(`statistics/${counter}`)),
  };
}

/** The other end of a veth, where both ends are among these devices. */
export function peerOf(device: Device, devices: readonly Device[]): string | null {
  if (device.kind !== "veth") return null;
  // Indexes are those of one namespace: only who points back is the peer, and no chance namesake.
  const peer = devices.find(
    ({ kind, index, lower, name }) =>
      kind === "veth" && name !== device.name && index === device.lower && lower === device.index,
  );
  return peer?.name ?? null;
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
