import type { System } from "./system.js";

/** A process that holds a tap open. */
export interface Holder {
  readonly pid: number;
  /** The numbers of its descriptors for this tap: one for each queue. */
  readonly descriptors: readonly number[];
}

/**
 * Who holds which tap: /proc/PID/fdinfo has a line "iff:" for each descriptor of /dev/net/tun (tun_chr_show_fdinfo in the
 * kernel's drivers/net/tun.c). Names are those of the network namespace that the tap was made in, so that processes of
 * other namespaces are passed over: two may each have a tap0.
 */
export function holdersOfTaps(system: System): Map<string, Holder> {
  const own = system.link("/proc/self/ns/net");
  const holders = new Map<string, Holder>();
  for (const name of system.list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const descriptors = tapsOf(system, name);
    if (descriptors.size === 0 || (own !== null && !isIn(system, name, own))) continue;
    for (const [tap, numbers] of descriptors) {
      if (!holders.has(tap)) holders.set(tap, { pid: Number(name), descriptors: numbers });
    }
  }
  return holders;
}

/** Where its namespace may not be seen, it counts as ours. */
function isIn(system: System, pid: string, namespace: string): boolean {
  const other = system.link(`/proc/${pid}/ns/net`);
  return other === null || other === namespace;
}

function tapsOf(system: System, pid: string): Map<string, number[]> {
  const taps = new Map<string, number[]>();
  for (const descriptor of system.list(`/proc/${pid}/fd`)) {
    if (!(system.link(`/proc/${pid}/fd/${descriptor}`) ?? "").endsWith("/dev/net/tun")) continue;
    const [, tap] = /^iff:\s*(\S+)$/m.exec(system.read(`/proc/${pid}/fdinfo/${descriptor}`) ?? "") ?? [];
    if (tap === undefined) continue;
    const numbers = taps.get(tap);
    if (numbers === undefined) taps.set(tap, [Number(descriptor)]);
    else numbers.push(Number(descriptor));
  }
  return taps;
}
