import { objectsOf, parseJson } from "./json.js";
import type { System } from "./system.js";

/** A guest may send from many addresses; more than these are not kept of one port. */
const MOST = 64;

/** Hardware addresses that Linux bridges have learned, by the port that they are behind. */
export async function readLearned(system: System): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await system.run("bridge", ["-json", "fdb", "show"]);
  const learned = new Map<string, string[]>();
  for (const { mac, ifname, master, state, flags } of objectsOf(text === null ? null : parseJson(text))) {
    if (typeof mac !== "string" || typeof ifname !== "string" || typeof master !== "string") continue;
    // Permanent ones are the port's own; "self" is what a tunnel knows of its far ends.
    if (state === "permanent" || (Array.isArray(flags) && flags.includes("self"))) continue;
    const known = learned.get(ifname) ?? [];
    if (known.length < MOST && !known.includes(mac)) learned.set(ifname, [...known, mac]);
  }
  return learned;
}
