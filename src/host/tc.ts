import type { RecomputeFilter } from "./facts.js";
import { objectsOf, parseJson } from "./json.js";
import type { System } from "./system.js";

/** Queueing disciplines that a filter can hang on. */
const CLASSFUL = /^(?:htb|prio|hfsc|drr|qfq|cbq|multiq|dsmark|ets)$/;

/**
 * Filters whose action computes UDP checksums anew: libvirt hangs one on the bridge's own qdisc, others on the egress
 * of a guest's port.
 *
 * @param devices asked for; only those with a qdisc that can have filters are looked at
 * @returns null where tc is not installed, or may not be used
 */
export async function recomputeFilters(
  system: System,
  devices: ReadonlySet<string>,
): Promise<RecomputeFilter[] | null> {
  const json = await system.run("tc", ["-json", "qdisc", "show"]);
  if (json === null) return null;
  const found: RecomputeFilter[] = [];
  for (const { kind, dev } of objectsOf(parseJson(json))) {
    if (typeof kind !== "string" || typeof dev !== "string" || !devices.has(dev)) continue;
    for (const at of placesOf(kind)) {
      // As text: the JSON of filters is broken or lacks actions in releases of iproute2 that are still in use.
      const place = at === "root" ? [] : [at];
      const text = await system.run("tc", ["-statistics", "filter", "show", "dev", dev, ...place]);
      found.push(...filtersIn(text ?? "").map((filter) => ({ device: dev, at, ...filter })));
    }
  }
  return found;
}

function placesOf(kind: string): readonly RecomputeFilter["at"][] {
  if (kind === "clsact") return ["egress", "ingress"];
  if (kind === "ingress") return ["ingress"];
  return CLASSFUL.test(kind) ? ["root"] : [];
}

/**
 *     filter parent 1: protocol ip pref 2 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw
 *       match 00000044/0000ffff at 20
 *         action order 1: csum (iph, udp) action pass
 *         index 1 ref 1 bind 1 installed 61 sec used 5 sec
 *         Action statistics:
 *         Sent 656 bytes 2 pkt (dropped 0, overlimits 0 requeues 0)
 *
 * @returns those that reach DHCP replies: with the port of clients, or with none at all
 */
export function filtersIn(text: string): Pick<RecomputeFilter, "text" | "packets">[] {
  const filters = text.split(/^(?=filter )/m);
  return filters.flatMap((filter) => {
    const lines = filter.split("\n").map((line) => line.trim());
    const action = lines.findIndex((line) => /^action order \d+: csum \(.*\budp\b.*\)/.test(line));
    if (action === -1) return [];
    const matches = lines.slice(1, action).filter((line) => !line.startsWith("action order"));
    if (matches.some((line) => isPort(line) && !isClientPort(line))) return [];
    const sent = lines.slice(action).map((line) => /^Sent \d+ bytes (\d+) pkt/.exec(line)?.[1]);
    const packets = sent.find((count) => count !== undefined);
    return [
      { text: [lines[0] ?? "", ...matches].join(" ").trim(), packets: packets === undefined ? null : Number(packets) },
    ];
  });
}

/** u32 at the ports of UDP behind an IP header without options, or flower. */
function isPort(line: string): boolean {
  return /^match \S+ at (?:20|nexthdr\+0)$/.test(line) || /^(?:dst|src)_port /.test(line);
}

function isClientPort(line: string): boolean {
  return /^match 0{4}0044\/0{4}ffff at /.test(line) || /^dst_port 68\b/.test(line);
}
