import { count } from "../findings/prose/words.js";
import { bridgesFrom } from "./chain.js";
import type { Bridge, FillRule, HostFacts, Port } from "./facts.js";

/** What completes the checksums of replies on their way to a port, in words; null: nothing does. */
export interface Completion {
  /** Of those that this host sends itself. */
  readonly ofHost: string | null;
  /** Of all, also those that only cross its bridge. */
  readonly ofAll: string | null;
}

export function completionFor(port: Port, bridge: Bridge | null, facts: HostFacts): Completion {
  const way = bridge === null ? [] : bridgesFrom(bridge, facts);
  return { ofHost: ofHost(way, facts), ofAll: ofAll(port, way, facts) };
}

function ofHost(way: readonly Bridge[], { rules }: HostFacts): string | null {
  const names = new Set(way.map(({ name }) => name));
  const rule = rules.fill?.find((each) => meetsHostReplies(each, names));
  if (rule !== undefined) return `a CHECKSUM rule in ${rule.chain}${met(rule.packets)}`;
  const filter = rules.recompute?.find(({ device, at }) => names.has(device) && at !== "ingress");
  if (filter !== undefined) return `a tc filter on ${filter.device}${met(filter.packets)}`;
  // The host sends into the bridge that is farthest from the guest.
  const sender = way.at(-1);
  return sender?.offload?.active === false ? `${sender.name}, whose own offload is off,` : null;
}

function ofAll({ name }: Port, way: readonly Bridge[], facts: HostFacts): string | null {
  const filter = facts.rules.recompute?.find(({ device, at }) => device === name && at !== "ingress");
  if (filter !== undefined) return `a tc filter on ${name}${met(filter.packets)}`;
  const crossed = way.filter((bridge) => callsIptables(bridge, facts));
  const names = new Set(crossed.map((bridge) => bridge.name));
  const rule = crossed.length === 0 ? undefined : facts.rules.fill?.find((each) => meetsCrossing(each, names));
  return rule === undefined ? null : `a CHECKSUM rule in ${rule.chain}${met(rule.packets)}`;
}

export function callsIptables({ callsIptables: own }: Bridge, { rules }: HostFacts): boolean {
  return own === true || rules.bridgeCallsIptables === true;
}

/** A packet that the host sends is of no bridge port: its device is the bridge. */
function meetsHostReplies(rule: FillRule, bridges: ReadonlySet<string>): boolean {
  return (
    isForReplies(rule) && !rule.physical && !/^(?:PREROUTING|INPUT|FORWARD)$/.test(rule.chain) && leaves(rule, bridges)
  );
}

function meetsCrossing(rule: FillRule, bridges: ReadonlySet<string>): boolean {
  return isForReplies(rule) && !/^(?:INPUT|OUTPUT)$/.test(rule.chain) && leaves(rule, bridges);
}

function leaves({ out }: FillRule, bridges: ReadonlySet<string>): boolean {
  return (
    out === null ||
    bridges.has(out) ||
    (out.endsWith("+") && [...bridges].some((name) => name.startsWith(out.slice(0, -1))))
  );
}

/** UDP to port 68, or without a port. */
export function isForReplies({ text }: FillRule): boolean {
  const [, ports] = / --dports? (\S+)/.exec(text) ?? [];
  return / -p udp\b/.test(text) && (ports === undefined || ports.split(",").includes("68") || ports === "67:68");
}

function met(packets: number | null): string {
  return packets === null ? "" : ` (${count(packets, "packet")} so far)`;
}
