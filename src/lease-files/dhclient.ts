import { parseIpv4 } from "../wire/addresses.js";
import { iscDate } from "./isc-date.js";
import { statementsOf, type Statement } from "./isc-tokens.js";
import { leaseTimeOf, type KnownLease } from "./known-lease.js";

/**
 * dhclient.leases(5), of Linux and FreeBSD: a block for each lease that was granted, in the order of time. It began when
 * its end is told less its length. T1 and T2 are those that the client drew for itself.
 */
export function readDhclientLeases(text: string): KnownLease[] {
  const leases: KnownLease[] = [];
  for (const { words, line, block } of statementsOf(text)) {
    const lease = words[0] === "lease" && block !== null ? leaseOf(block, line) : null;
    if (lease !== null) leases.push(lease);
  }
  return leases;
}

function leaseOf(block: readonly Statement[], line: number): KnownLease | null {
  const find = (...name: string[]): readonly string[] =>
    block.find(({ words }) => name.every((word, index) => words[index] === word))?.words.slice(name.length) ?? [];
  const address = parseIpv4(find("fixed-address")[0] ?? "");
  const [seconds = ""] = find("option", "dhcp-lease-time");
  const expires = iscDate(find("expire"));
  if (address === null || !/^\d{1,10}$/.test(seconds) || expires === null) return null;
  const leaseTime = expires === Infinity ? Infinity : leaseTimeOf(Number(seconds));
  const start = leaseTime === Infinity ? null : expires - leaseTime;
  const after = (date: number | null): number | null =>
    start === null || date === null || date === Infinity ? null : Math.max(0, date - start);
  return {
    source: "client",
    line,
    hardware: null,
    address,
    server: parseIpv4(find("option", "dhcp-server-identifier")[0] ?? ""),
    start,
    leaseTime,
    expires,
    t1: after(iscDate(find("renew"))),
    t2: after(iscDate(find("rebind"))),
  };
}
