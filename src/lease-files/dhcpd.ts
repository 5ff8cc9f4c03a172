import { parseIpv4 } from "../wire/addresses.js";
import { iscDate } from "./isc-date.js";
import { statementsOf, type Statement } from "./isc-tokens.js";
import type { KnownLease } from "./known-lease.js";

/** dhcpd.leases(5): append-only, so that it has each renewal since the server last wrote it anew. Only active leases count. */
export function readDhcpdLeases(text: string): KnownLease[] {
  const leases: KnownLease[] = [];
  for (const { words, line, block } of statementsOf(text)) {
    const address = words[0] === "lease" ? parseIpv4(words[1] ?? "") : null;
    const lease = address === null || block === null ? null : leaseOf(address, block, line);
    if (lease !== null) leases.push(lease);
  }
  return leases;
}

function leaseOf(address: number, block: readonly Statement[], line: number): KnownLease | null {
  const find = (...name: string[]): readonly string[] =>
    block.find(({ words }) => name.every((word, index) => words[index] === word))?.words.slice(name.length) ?? [];
  const hardware = find("hardware", "ethernet")[0]?.toLowerCase() ?? null;
  const start = iscDate(find("starts"));
  const ends = iscDate(find("ends"));
  if (find("binding", "state")[0] !== "active" || hardware === null || start === null || ends === null) return null;
  const leaseTime = ends - start;
  return {
    source: "server",
    line,
    hardware,
    address,
    server: null,
    start,
    leaseTime,
    expires: ends,
    t1: null,
    t2: null,
  };
}
