import type { System } from "./system.js";

/** A process that holds a tap open. */
export interface Holder {
  readonly pid: number;
  /** Its network namespace; null: not to be seen. */
  readonly namespace: string | null;
  /** By its name (/dev/net/tun), or by the index of its device (/dev/tapN of a macvtap). */
  readonly tap: string;
  /** The numbers of its descriptors for this tap: one for each queue. */
  readonly descriptors: readonly number[];
}

export interface Descriptors {
  readonly holders: readonly Holder[];
  /** Whose socket it is, by its inode. */
  readonly sockets: ReadonlyMap<string, number>;
}

/** How a macvtap is called here: no device has such a name. */
export function indexName(index: string): string {
  return `#${index}`;
}

/**
 * Who holds which tap. /proc/PID/fdinfo has a line "iff:" for each descriptor of /dev/net/tun (tun_chr_show_fdinfo in the
 * kernel's drivers/net/tun.c): the tap's name in whatever network namespace it is in, so that two may have one name.
 *
 * @param inodes sockets of which the owner is asked for
 */
export function readDescriptors(system: System, inodes: ReadonlySet<string>): Descriptors {
  const holders: Holder[] = [];
  const sockets = new Map<string, number>();
  for (const pid of processes(system)) {
    const taps = new Map<string, number[]>();
    for (const descriptor of system.list(`/proc/${pid}/fd`)) {
      const target = system.link(`/proc/${pid}/fd/${descriptor}`) ?? "";
      const [, inode = ""] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
      if (inodes.has(inode) && !sockets.has(inode)) sockets.set(inode, pid);
      const tap = tapOf(system, pid, descriptor, target);
      if (tap !== null) taps.set(tap, [...(taps.get(tap) ?? []), Number(descriptor)]);
    }
    const namespace = taps.size === 0 ? null : namespaceOf(system, pid);
    for (const [tap, descriptors] of taps) holders.push({ pid, namespace, tap, descriptors });
  }
  return { holders, sockets };
}

export function processes(system: System): number[] {
  return system
    .list("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** "net:[4026531840]" */
export function namespaceOf(system: System, pid: number | "self"): string | null {
  return system.link(`/proc/${pid}/ns/net`);
}

function tapOf(system: System, pid: number, descriptor: string, target: string): string | null {
  const [, index] = /\/dev\/tap(\d+)$/.exec(target) ?? [];
  if (index !== undefined) return indexName(index);
  if (!target.endsWith("/dev/net/tun")) return null;
  const [, name] = /^iff:\s*(\S+)$/m.exec(system.read(`/proc/${pid}/fdinfo/${descriptor}`) ?? "") ?? [];
  return name ?? null;
}
