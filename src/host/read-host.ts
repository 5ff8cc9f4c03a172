import { count } from "../findings/prose/words.js";
import type { Bridge, HostFacts, Machine, Port } from "./facts.js";
import { holdersOfTaps, type Holder } from "./descriptors.js";
import { readOffload } from "./offload.js";
import { deviceNames, readDevice, type Device } from "./ports.js";
import { machineOf } from "./qemu.js";
import { readRules } from "./rules.js";
import type { System } from "./system.js";

/** Reads what is to be known of bridges, their ports and the machines behind them. Changes nothing. */
export async function readHost(system: System): Promise<HostFacts> {
  const devices = deviceNames(system).map((name) => readDevice(system, name));
  const holders = holdersOfTaps(system);
  const switches = await openvswitch(system);
  const ports = new Map<string, Port>();
  for (const device of devices) ports.set(device.name, await portOf(system, device, holders));
  const bridges: Bridge[] = [];
  for (const { name, kind } of devices) {
    if (kind !== "bridge") continue;
    const own = devices.filter(({ master }) => master === name).map((device) => device.name);
    bridges.push({ name, kind: "linux", offload: ports.get(name)?.offload ?? null, ports: pick(ports, own) });
  }
  for (const [name, own] of switches) {
    bridges.push({ name, kind: "openvswitch", offload: ports.get(name)?.offload ?? null, ports: pick(ports, own) });
  }
  const bridged = new Set(bridges.flatMap((bridge) => bridge.ports.map(({ name }) => name)));
  return {
    bridges,
    loose: [...ports.values()].filter(({ name, kind }) => kind === "tap" && !bridged.has(name)),
    rules: await readRules(system),
    udpChecksumErrors: udpChecksumErrors(system.read("/proc/net/snmp") ?? ""),
    unreadable: unreadable(system),
  };
}

async function portOf(system: System, device: Device, holders: ReadonlyMap<string, Holder>): Promise<Port> {
  const { name, kind, mac, state, counters, vnetHeader } = device;
  const offload = await readOffload(system, name);
  const tap = kind === "tap" ? { vnetHeader, machine: machineBehind(system, name, holders.get(name)) } : null;
  return { name, kind, mac, state, counters, offload, tap };
}

function machineBehind(system: System, tap: string, holder: Holder | undefined): Machine | null {
  if (holder === undefined) return null;
  const words = (system.read(`/proc/${holder.pid}/cmdline`) ?? "").split("\0").filter((word) => word !== "");
  return machineOf(holder.pid, words, tap, holder.descriptors);
}

/** The bridges of Open vSwitch and their ports; none where it is not installed. */
async function openvswitch(system: System): Promise<Map<string, string[]>> {
  const linesOf = (text: string | null): string[] => (text ?? "").split("\n").filter((line) => line !== "");
  const bridges = new Map<string, string[]>();
  for (const bridge of linesOf(await system.run("ovs-vsctl", ["--timeout=5", "list-br"]))) {
    bridges.set(bridge, linesOf(await system.run("ovs-vsctl", ["--timeout=5", "list-ports", bridge])));
  }
  return bridges;
}

function pick(ports: ReadonlyMap<string, Port>, names: readonly string[]): Port[] {
  return names.flatMap((name) => ports.get(name) ?? []).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** /proc/net/snmp has the names of a protocol's counters in one line and their values in the next. */
export function udpChecksumErrors(snmp: string): number | null {
  const [names, values] = snmp.split("\n").filter((line) => line.startsWith("Udp: "));
  const at = names?.split(" ").indexOf("InCsumErrors") ?? -1;
  const value = at === -1 ? undefined : values?.split(" ")[at];
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}

function unreadable({ denied }: System): string[] {
  const processes = new Set([...denied].flatMap((path) => /^\/proc\/(\d+)\//.exec(path)?.[1] ?? []));
  return processes.size === 0
    ? []
    : [
        `the descriptors of ${count(processes.size, "process")}: if the machine behind a tap is not shown, look as root, outside of any container`,
      ];
}
