import type { Remedy } from "../findings/remedies.js";
import type { Machine } from "./facts.js";

/**
 * A remedy that edits a machine, by the tool of whoever manages the machine.
 *
 * @returns null where that manager has no way to do it
 */
export function asManaged(remedy: Remedy, { manager, id, pid }: Machine): Remedy | null {
  switch (manager) {
    case "libvirt":
      return remedy;
    case "opennebula":
      return {
        ...remedy,
        limits: `${remedy.limits} OpenNebula writes the machine's XML anew at each start: put the element into its template as well (RAW).`,
      };
    case "openstack":
      return {
        ...remedy,
        limits: `${remedy.limits} Nova writes the machine's XML anew at each start, and has no property for this; hw_vif_model of the image chooses another card.`,
      };
    case "proxmox":
      return remedy.id === "guest-csum-off" ? onProxmox(remedy, id ?? "VMID") : null;
    case "xen":
    case "openvswitch":
      return null;
    case null: {
      const option =
        remedy.id === "vhost-off" ? "vhost=off to its -netdev" : "guest_csum=off to its -device virtio-net";
      return {
        ...remedy,
        command: null,
        what: `Start the machine again with another command line: add ${option} (process ${pid} shows what it has now: tr '\\0' '\\n' </proc/${pid}/cmdline).`,
        undo: "Take the word out again and restart the guest.",
      };
    }
  }
}

function onProxmox(remedy: Remedy, id: string): Remedy {
  return {
    ...remedy,
    command: `qm config ${id}; qm set ${id} --args '-global virtio-net-pci.guest_csum=off'`,
    what: "Takes all virtio cards of the guest out of checksum offload for good. The first command shows whether it has args already: they are replaced, so add what stands there.",
    undo: `qm set ${id} --delete args`,
  };
}
