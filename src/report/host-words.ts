import { count, list } from "../findings/prose/words.js";
import type { DhcpServer, Feature, HostFacts, Machine, Port } from "../host/facts.js";
import { labelText } from "../host/machine-name.js";
import { safeText } from "./safe-text.js";

/** "on", "off (fixed)", "off (on was asked for)". */
export function offloadText(offload: Feature | null): string {
  if (offload === null) return "offload ?";
  const { active, fixed, requested } = offload;
  const asked =
    requested === null || requested === active || fixed ? "" : ` (${requested ? "on" : "off"} was asked for)`;
  return `${active ? "on" : "off"}${fixed ? " (fixed)" : ""}${asked}`;
}

/** Who or what is at the other side of a port, as far as anything tells; empty where nothing does. */
export function behindText({ tap, label, peer, learned, kind }: Port, { bridges }: HostFacts): string {
  const machine = tap?.machine ?? null;
  if (machine !== null) return `${machineText(machine)}${tap?.vnetHeader === false ? ", no vnet header" : ""}`;
  const named = label === null ? null : safeText(labelText(label));
  const seen = learned[0] === undefined ? null : `${learned.slice(0, MOST_LEARNED).join(", ")} behind it`;
  if (peer !== null) {
    const bridge = bridges.find(({ ports }) => ports.some(({ name }) => name === peer));
    const to = `to ${safeText(peer)}${bridge === undefined ? "" : ` of ${safeText(bridge.name)}`}`;
    return [to, named].filter((part) => part !== null).join(", ");
  }
  const known = [named, seen].filter((part) => part !== null).join(", ");
  if (kind !== "tap" && kind !== "macvtap") return known;
  return known === "" ? "nobody seen behind it" : `nobody seen to hold it; ${known}`;
}

const MOST_LEARNED = 2;

/** "web01 (virtio-net-pci, 52:54:00:74:a1:bf, vhost)" */
export function machineText({ name, id, program, nic }: Machine): string {
  const parts = [
    nic?.model ?? "card not known",
    nic?.mac ?? "",
    nic?.vhost === true ? "vhost" : "",
    nic?.guestCsum === false ? "guest_csum=off" : "",
    nic?.csum === false ? "csum=off" : "",
  ].filter((part) => part !== "");
  const called = name ?? (id === null ? program : `machine ${id}`);
  return `${safeText(called)} (${parts.map((part) => safeText(part)).join(", ")})`;
}

/** What should not grow, where it is not 0. Physical ports drop what nobody here listens to, all day. */
export function troubleText({ counters, kind }: Port): string {
  if (counters === null) return "";
  const { receiveErrors, sendErrors, receiveDropped, sendDropped, collisions } = counters;
  const told = [
    receiveErrors + sendErrors === 0 ? "" : count(receiveErrors + sendErrors, "error"),
    receiveDropped === 0 || kind === "physical" ? "" : `${receiveDropped} dropped from it`,
    sendDropped === 0 ? "" : `${sendDropped} dropped towards it`,
    collisions === 0 ? "" : count(collisions, "collision"),
  ];
  return told.filter((part) => part !== "").join(", ");
}

/** What is to be known of the whole host, as a list in one sentence. */
export function hostText({ rules, servers, udpChecksumErrors }: HostFacts): string {
  const { fill, zeroing, recompute, bridgeCallsIptables, conntrackVerifies } = rules;
  const said = [
    servers === null ? "" : serversText(servers),
    fill === null ? "rules of iptables not readable (root may, where iptables is installed)" : "",
    fill === null ? "" : fill.length === 0 ? "no CHECKSUM rule" : count(fill.length, "CHECKSUM rule"),
    zeroing === null ? "rules of nftables not readable (root may, where nft is installed)" : "",
    recompute === null || recompute.length === 0 ? "" : `${count(recompute.length, "tc filter")} with action csum`,
    bridgeCallsIptables === null ? "br_netfilter not loaded" : `bridge-nf-call-iptables=${bridgeCallsIptables ? 1 : 0}`,
    conntrackVerifies === null ? "" : `nf_conntrack_checksum=${conntrackVerifies ? 1 : 0}`,
    udpChecksumErrors === null
      ? ""
      : `this host itself dropped ${count(udpChecksumErrors, "UDP datagram")} for their checksum`,
  ];
  return list(said.filter((part) => part !== ""));
}

function serversText(servers: readonly DhcpServer[]): string {
  if (servers.length === 0) return "no DHCP server listens here";
  return list(
    servers.map(({ program, pid, here }) => {
      const who = program === null ? "somebody" : safeText(program);
      const process = pid === null ? "" : ` (process ${pid})`;
      return `${who}${process} listens on UDP port 67${here ? "" : " in another network namespace"}`;
    }),
  );
}
