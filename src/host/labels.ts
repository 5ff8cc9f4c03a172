import type { Label } from "./facts.js";

/** Names of ports as managers of machines make them. */
const HABITS: readonly {
  readonly pattern: RegExp;
  readonly label: (first: string, second: string) => Omit<Label, "mac">;
}[] = [
  // one-VMID-NIC
  {
    pattern: /^one-(\d+)-(\d+)$/,
    label: (vm, card) => ({ by: "opennebula", machine: `one-${vm}`, card }),
  },
  // tapVMIDiN of a machine, vethVMIDiN of a container; with a firewall the bridge fwbrVMIDiN stands before it, joined to
  // the common one by the pair fwlnVMIDiN and fwprVMIDpN.
  {
    pattern: /^(?:tap|veth|fwln)(\d+)i(\d+)$/,
    label: (machine, card) => ({ by: "proxmox", machine, card }),
  },
  { pattern: /^fwpr(\d+)p(\d+)$/, label: (machine, card) => ({ by: "proxmox", machine, card }) },
  // The first eleven characters of Neutron's port: tap behind the bridge qbr, joined to br-int by qvb and qvo.
  {
    pattern: /^(?:tap|qvo|qvb)([0-9a-f]{8}-[0-9a-f]{2})$/,
    label: (card) => ({ by: "openstack", machine: null, card }),
  },
  // vifD.N, and vifD.N-emu for the emulated card of the same guest.
  {
    pattern: /^vif(\d+)\.(\d+)(?:-emu)?$/,
    label: (domain, card) => ({ by: "xen", machine: `domain ${domain}`, card }),
  },
];

/** What a port's name tells where nothing else does; null: it follows no habit that is known. */
export function labelOf(name: string): Label | null {
  for (const { pattern, label } of HABITS) {
    const match = pattern.exec(name);
    if (match !== null) return { ...label(match[1] ?? "", match[2] ?? ""), mac: null };
  }
  return null;
}
