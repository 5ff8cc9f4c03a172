import type { FillRule } from "./facts.js";
import type { System } from "./system.js";

/**
 * What iptables-save prints of one table, by whichever of its two variants has it; null: not readable. Asking the old
 * variant for a table that is not there would load its kernel module: it is asked only for those that are.
 */
export async function saveTable(system: System, table: "mangle" | "filter"): Promise<string | null> {
  const words = ["-c", "-t", table];
  const modern = await system.run("iptables-nft-save", words);
  if (modern === null) {
    const isThere = !system.absent.has("iptables-nft-save");
    if (isThere || (await system.run("iptables-save", ["--version"])) === null) return null;
  }
  const names = system.read(LEGACY_TABLES);
  if (names === null && system.denied.has(LEGACY_TABLES)) return null;
  if (names?.split("\n").includes(table) !== true) return modern ?? "";
  const legacy = (await system.run("iptables-legacy-save", words)) ?? (await system.run("iptables-save", words));
  return legacy === null ? null : `${modern ?? ""}\n${legacy}`;
}

const LEGACY_TABLES = "/proc/net/ip_tables_names";

/** "[12:3936] -A POSTROUTING -o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill" */
export function fillRules(text: string): FillRule[] {
  return text.split("\n").flatMap((line) => {
    const [, packets, rule = "", chain = ""] = /^(?:\[(\d+):\d+\] )?(-A (\S+) .*-j CHECKSUM\b.*)$/.exec(line) ?? [];
    if (rule === "") return [];
    const [, out = null] = / -o (\S+)/.exec(rule) ?? [];
    const physical = rule.includes(" -m physdev ");
    return [{ text: rule, chain, out, physical, packets: packets === undefined ? null : Number(packets) }];
  });
}

/** "-A FORWARD -m conntrack --ctstate INVALID -j DROP" */
export function dropsInvalid(text: string): boolean {
  return text.split("\n").some((line) => /--(?:ct)?state \S*\bINVALID\b.* -j (?:DROP|REJECT)\b/.test(line));
}
