import { indexName, type Holder } from "./descriptors.js";
import type { Bridge, Label, Offload, Port, PortKind } from "./facts.js";
import { labelOf } from "./labels.js";
import { readLearned } from "./learned.js";
import type { Machines } from "./machines.js";
import { OffloadReader } from "./offload.js";
import type { SwitchPort } from "./openvswitch.js";
import { peerOf, type Device } from "./ports.js";
import { flag } from "./rules.js";
import type { System } from "./system.js";

export function isTap({ kind }: Device): boolean {
  return kind === "tap" || kind === "macvtap";
}

/** How its holders know a tap. */
export function handleOf({ kind, name, index }: Device): string {
  return kind === "macvtap" ? indexName(index ?? "") : name;
}

/** Puts together what several places tell of one port. */
export class PortBuilder {
  readonly #system: System;
  readonly #devices: readonly Device[];
  readonly #machines: Machines;
  readonly #holders: ReadonlyMap<string, readonly Holder[]>;
  readonly #offload: OffloadReader;

  constructor(
    system: System,
    devices: readonly Device[],
    machines: Machines,
    holders: ReadonlyMap<string, readonly Holder[]>,
  ) {
    this.#system = system;
    this.#devices = devices;
    this.#machines = machines;
    this.#holders = holders;
    this.#offload = new OffloadReader(system);
  }

  /** @param learned addresses that its bridge has learned behind it */
  async port(device: Device, learned: readonly string[] = []): Promise<Port> {
    const { name, kind, mac, state, counters, vnetHeader } = device;
    const machine = this.#machines.behind(name, this.#holders.get(handleOf(device)) ?? []);
    return {
      name,
      kind,
      mac,
      state,
      counters,
      offload: await this.#offload.read(name),
      peer: peerOf(device, this.#devices),
      label: labelOf(name),
      learned: kind === "physical" || kind === "bond" ? [] : learned,
      tap: isTap(device) ? { vnetHeader, machine } : null,
    };
  }

  async linuxBridge({ name }: Device): Promise<Bridge> {
    const ports: Port[] = [];
    const learned = readLearned(this.#system, name);
    for (const device of this.#devices) {
      if (device.master === name) ports.push(await this.port(device, learned.get(device.name)));
    }
    // Each bridge has a switch of its own beside the one of all bridges.
    const callsIptables = flag(this.#system.read(`/sys/class/net/${name}/bridge/nf_call_iptables`));
    return { name, kind: "linux", offload: await this.#offload.read(name), callsIptables, ports: ports.sort(byName) };
  }

  async openvswitchBridge(name: string, own: readonly SwitchPort[]): Promise<Bridge> {
    const ports: Port[] = [];
    for (const { name: port, kind, label } of own) {
      const device = this.#devices.find((each) => each.name === port);
      const built = device === undefined ? withoutDevice(port) : await this.port(device);
      ports.push({ ...built, kind: kind ?? built.kind, label: merged(label, built.label) });
    }
    const offload: Offload | null = await this.#offload.read(name);
    return { name, kind: "openvswitch", offload, callsIptables: null, ports: ports.sort(byName) };
  }
}

/** A port that a switch has in its own program: a patch, or a guest on DPDK. */
function withoutDevice(name: string): Port {
  const kind: PortKind = "other";
  return {
    name,
    kind,
    mac: null,
    state: null,
    counters: null,
    offload: null,
    peer: null,
    label: labelOf(name),
    learned: [],
    tap: null,
  };
}

/** The switch knows addresses, a name whose habits it follows. */
function merged(told: Label | null, named: Label | null): Label | null {
  if (told === null || named === null) return told ?? named;
  return { ...named, machine: named.machine ?? told.machine, mac: told.mac };
}

function byName(a: Port, b: Port): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}
