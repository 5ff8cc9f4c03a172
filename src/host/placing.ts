import { namespaceOf, type Holder } from "./descriptors.js";
import type { System } from "./system.js";

/** Which holders hold a tap of the namespace that is looked at, and which one of another. */
export interface Placing {
  /** By the name of the tap. */
  readonly here: ReadonlyMap<string, readonly Holder[]>;
  readonly elsewhere: readonly { readonly holder: Holder; readonly namespace: string | null }[];
}

/**
 * A descriptor tells the tap's name and not its namespace. The tap is where its holder is, if a device of that name is
 * there; else its holder went elsewhere, or was handed the descriptor, and the tap is here if it is.
 *
 * @param taps names of taps that are here
 */
export function placeHolders(system: System, holders: readonly Holder[], taps: ReadonlySet<string>): Placing {
  const own = namespaceOf(system, "self");
  const here = new Map<string, Holder[]>();
  const elsewhere: { holder: Holder; namespace: string | null }[] = [];
  const add = (holder: Holder): void => {
    here.set(holder.tap, [...(here.get(holder.tap) ?? []), holder]);
  };
  const strays: Holder[] = [];
  for (const holder of holders) {
    const { pid, namespace, tap } = holder;
    // Where its namespace may not be seen, it counts as ours.
    const isOurs = namespace === null || own === null || namespace === own;
    if (isOurs && taps.has(tap)) add(holder);
    else if (!isOurs && hasDevice(system, pid, tap)) elsewhere.push({ holder, namespace });
    else strays.push(holder);
  }
  for (const holder of strays) {
    // One that has a holder of its own here is not held from afar: it is a namesake.
    if (taps.has(holder.tap) && !here.has(holder.tap)) add(holder);
    else if (holder.namespace !== null) elsewhere.push({ holder, namespace: null });
  }
  return { here, elsewhere };
}

/** /proc/PID/net is that of the process's own network namespace. */
function hasDevice(system: System, pid: number, name: string): boolean {
  const lines = (system.read(`/proc/${pid}/net/dev`) ?? "").split("\n");
  return lines.some((line) => line.trimStart().startsWith(`${name}:`));
}
