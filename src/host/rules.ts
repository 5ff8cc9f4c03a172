import type { FillRule, Rules } from "./facts.js";
import type { System } from "./system.js";

/** Rules and switches of the host that touch checksums. */
export async function readRules(system: System): Promise<Rules> {
  const mangle = await system.run("iptables-save", ["-c", "-t", "mangle"]);
  const nft = await system.run("nft", ["list", "ruleset"]);
  return {
    fill: mangle === null ? null : fillRules(mangle),
    zeroing: nft === null ? null : zeroingRules(nft),
    bridgeCallsIptables: flag(system.read("/proc/sys/net/bridge/bridge-nf-call-iptables")),
    conntrackVerifies: flag(system.read("/proc/sys/net/netfilter/nf_conntrack_checksum")),
  };
}

/** "[12:3936] -A POSTROUTING -o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill" */
export function fillRules(text: string): FillRule[] {
  return text.split("\n").flatMap((line) => {
    const [, packets, rule = "", chain = ""] = /^(?:\[(\d+):\d+\] )?(-A (\S+) .*-j CHECKSUM\b.*)$/.exec(line) ?? [];
    if (rule === "") return [];
    const [, out = null] = / -o (\S+)/.exec(rule) ?? [];
    return [{ text: rule, chain, out, packets: packets === undefined ? null : Number(packets) }];
  });
}

export function zeroingRules(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\budp checksum set (?:0x0+|0)\b/.test(line));
}

function flag(text: string | null): boolean | null {
  return text === null ? null : text.trim() !== "0";
}
