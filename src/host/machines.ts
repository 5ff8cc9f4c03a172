import type { Holder } from "./descriptors.js";
import type { Machine, Manager, Nic } from "./facts.js";
import type { Domain } from "./libvirt.js";
import { nameOf, nicBehind, valueOf, type Held } from "./qemu.js";
import type { System } from "./system.js";

/** Hypervisors that have no other card than virtio. */
const VIRTIO_ONLY = /^(?:firecracker|cloud-hypervisor|crosvm)$/;

/** The machine behind a tap, from the process that holds it and from libvirt's record of that process. */
export class Machines {
  readonly #taps = new Map<number, number>();

  constructor(
    private readonly system: System,
    private readonly domains: ReadonlyMap<number, Domain>,
    holders: readonly Holder[],
  ) {
    for (const { pid } of holders) this.#taps.set(pid, (this.#taps.get(pid) ?? 0) + 1);
  }

  /**
   * @param tap its name
   * @param holders several where a process hands a tap on and keeps it: the one that tells most is the machine
   */
  behind(tap: string, holders: readonly Holder[]): Machine | null {
    const machines = holders.map(({ pid, descriptors }) =>
      this.#machine(pid, { tap, descriptors, alone: this.#taps.get(pid) === 1 }),
    );
    return (
      machines.find(({ nic }) => nic !== null) ?? machines.find(({ name }) => name !== null) ?? machines[0] ?? null
    );
  }

  #machine(pid: number, held: Held): Machine {
    // The last word ends in a NUL as well.
    const words = (this.system.read(`/proc/${pid}/cmdline`) ?? "").split("\0").slice(0, -1);
    const path = words[0] ?? "";
    const program = path.slice(path.lastIndexOf("/") + 1);
    const domain = this.domains.get(pid);
    const name = domain?.name ?? nameOf(words);
    const managed = managerOf(words, name, domain !== undefined);
    const fromWords = VIRTIO_ONLY.test(program) ? VIRTIO : nicBehind(words, held);
    return { pid, name, program, ...managed, nic: joined(domain?.nics.get(held.tap), fromWords) };
  }
}

const VIRTIO: Nic = { model: "virtio-net", mac: null, vhost: null, csum: null, guestCsum: null };

/** libvirt knows what was plugged in since; the command line has what libvirt leaves to chance, if it is of this card. */
function joined(known: Nic | undefined, fromWords: Nic | null): Nic | null {
  if (known === undefined) return fromWords;
  if (fromWords?.mac !== known.mac) return known;
  return {
    model: known.model ?? fromWords.model,
    mac: known.mac,
    vhost: fromWords.vhost ?? known.vhost,
    csum: fromWords.csum ?? known.csum,
    guestCsum: fromWords.guestCsum ?? known.guestCsum,
  };
}

function managerOf(
  words: readonly string[],
  name: string | null,
  isDomain: boolean,
): { manager: Manager | null; id: string | null } {
  // Proxmox numbers its machines with an option that its QEMU alone has.
  const id = valueOf(words, "id");
  if (id !== null && /^\d+$/.test(id)) return { manager: "proxmox", id };
  // libvirt names its guests so, and no other known manager does.
  const byLibvirt = isDomain || words.some((word) => /^guest=.*debug-threads=on/.test(word));
  if (!byLibvirt) return { manager: null, id: null };
  if (/^one-\d+$/.test(name ?? "")) return { manager: "opennebula", id: null };
  return { manager: /^instance-[0-9a-f]{8}$/.test(name ?? "") ? "openstack" : "libvirt", id: null };
}
