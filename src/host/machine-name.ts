import type { Label, Machine, Port } from "./facts.js";

/** How a machine is called in a sentence. */
export function machineName({ port, machine }: { readonly port: Port; readonly machine: Machine | null }): string {
  if (machine === null) return port.label === null ? "its guest" : labelText(port.label);
  const { name, id, program, pid } = machine;
  return name ?? (id === null ? `${program} (process ${pid})` : `machine ${id}`);
}

const MANAGERS = {
  libvirt: "libvirt",
  opennebula: "OpenNebula",
  proxmox: "Proxmox",
  openstack: "OpenStack",
  xen: "Xen",
  openvswitch: "Open vSwitch",
} as const;

/** "card 0 of machine 105 (Proxmox)", "port 7f3a9c21-4b (OpenStack)" */
export function labelText({ by, machine, card }: Label): string {
  const of = machine === null ? "" : ` of ${/^\d/.test(machine) ? `machine ${machine}` : machine}`;
  const part = by === "openstack" || by === "openvswitch" ? "port" : "card";
  const what = card === null ? (machine ?? "a guest") : `${part} ${card}${of}`;
  return `${what} (${MANAGERS[by]})`;
}
