import type { Rules } from "./facts.js";
import * as iptables from "./iptables.js";
import * as nftables from "./nftables.js";
import type { System } from "./system.js";
import { recomputeFilters } from "./tc.js";

/**
 * Rules and switches of the host that touch checksums.
 *
 * @param devices on which filters of tc are looked for
 */
export async function readRules(system: System, devices: ReadonlySet<string>): Promise<Rules> {
  const mangle = await iptables.saveTable(system, "mangle");
  const filter = await iptables.saveTable(system, "filter");
  const nft = await system.run("nft", ["list", "ruleset"]);
  return {
    fill: mangle === null ? null : iptables.fillRules(mangle),
    zeroing: nft === null ? null : nftables.zeroingRules(nft),
    recompute: await recomputeFilters(system, devices),
    bridgeCallsIptables: flag(system.read("/proc/sys/net/bridge/bridge-nf-call-iptables")),
    conntrackVerifies: flag(system.read("/proc/sys/net/netfilter/nf_conntrack_checksum")),
    dropsInvalid:
      (filter !== null && iptables.dropsInvalid(filter)) || (nft !== null && nftables.dropsInvalid(nft))
        ? true
        : filter === null && nft === null
          ? null
          : false,
  };
}

/** @returns null for a switch that is not there */
export function flag(text: string | null): boolean | null {
  return text === null ? null : text.trim() !== "0";
}
