import { namespaceOf, readDescriptors } from "./descriptors.js";
import type { Bridge, HostFacts, Port } from "./facts.js";
import { readLinkKinds } from "./kinds.js";
import { readDomains } from "./libvirt.js";
import { Machines } from "./machines.js";
import { readSwitches, USER_SPACE_DATAPATH } from "./openvswitch.js";
import { placeHolders } from "./placing.js";
import { handleOf, isTap, PortBuilder } from "./port-builder.js";
import { deviceNames, readDevice } from "./ports.js";
import { readRules } from "./rules.js";
import { readServerSockets, serversOf } from "./servers.js";
import type { System } from "./system.js";
import { unreadableOf } from "./unreadable.js";

/** Reads what is to be known of bridges, their ports and the machines behind them. Changes nothing. */
export async function readHost(system: System): Promise<HostFacts> {
  const linkKinds = await readLinkKinds(system);
  const devices = deviceNames(system).map((name) => readDevice(system, name, linkKinds));
  const sockets = readServerSockets(system);
  const { holders, sockets: owners } = readDescriptors(system, new Set((sockets ?? []).map(({ inode }) => inode)));
  const placing = placeHolders(system, holders, new Set(devices.filter(isTap).map(handleOf)));
  const machines = new Machines(system, await readDomains(system), holders);
  const build = new PortBuilder(system, devices, machines, placing.here);

  const bridges: Bridge[] = [];
  for (const device of devices) {
    if (device.kind === "bridge") bridges.push(await build.linuxBridge(device));
  }
  for (const [name, ports] of await readSwitches(system)) bridges.push(await build.openvswitchBridge(name, ports));
  // An Open vSwitch in user space has taps of its own.
  const own = bridges.flatMap(({ name, kind }) => (kind === "openvswitch" ? [name, USER_SPACE_DATAPATH] : []));
  const bridged = new Set([...own, ...bridges.flatMap(({ ports }) => ports.map(({ name }) => name))]);
  const loose: Port[] = [];
  for (const device of devices) {
    if (isTap(device) && !bridged.has(device.name)) loose.push(await build.port(device));
  }
  const lookedAt = [...bridges, ...bridges.flatMap(({ ports }) => ports), ...loose].map(({ name }) => name);
  return {
    namespace: namespaceOf(system, "self"),
    bridges,
    loose,
    elsewhere: placing.elsewhere.flatMap(({ holder, namespace }) => {
      const machine = machines.behind(holder.tap, [holder]);
      return machine === null ? [] : [{ name: holder.tap, namespace, machine }];
    }),
    servers: sockets === null ? null : serversOf(system, sockets, owners),
    rules: await readRules(system, new Set(lookedAt)),
    udpChecksumErrors: udpChecksumErrors(system.read("/proc/net/snmp") ?? ""),
    unreadable: unreadableOf(system),
  };
}

/** /proc/net/snmp has the names of a protocol's counters in one line and their values in the next. */
export function udpChecksumErrors(snmp: string): number | null {
  const [labels, values] = snmp.split("\n").filter((line) => line.startsWith("Udp: "));
  const at = labels?.split(" ").indexOf("InCsumErrors") ?? -1;
  const value = at === -1 ? undefined : values?.split(" ")[at];
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}
