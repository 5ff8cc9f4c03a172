import { count, list } from "../findings/prose/words.js";
import type { Bridge, HostFacts, Offload, Port } from "../host/facts.js";
import type { HostJudgement } from "../host/judgement.js";
import { safeText } from "./safe-text.js";
import { commandLines, paint, paragraph, type TextStyle } from "./text-style.js";

const LABELS = { error: "FAULT", warning: "WARNING", note: "note" } as const;
/** Ports of one kind of judgement beyond this are only named. */
const MOST_ALIKE = 3;

/** What the host is like, and what that means for DHCP, for a reader at a terminal. */
export function* doctorReport(
  facts: HostFacts,
  judgements: readonly HostJudgement[],
  style: TextStyle,
): Generator<string> {
  if (facts.bridges.length === 0 && facts.loose.length === 0) {
    yield* paragraph("No bridge and no tap on this host (in this network namespace).", style);
  }
  for (const bridge of facts.bridges) {
    yield* bridgeLines(bridge, style);
    yield "";
  }
  if (facts.loose.length > 0) {
    yield* paragraph("Taps without a bridge", style);
    yield* portLines(facts.loose, style);
    yield "";
  }
  yield* switchLines(facts, style);
  for (const sentence of facts.unreadable) {
    yield* paragraph(`Not readable: ${sentence}.`, style, { hang: 2 });
  }
  yield* judgementLines(judgements, style);
}

function* bridgeLines({ name, kind, offload, ports }: Bridge, style: TextStyle): Generator<string> {
  const of = kind === "openvswitch" ? " (Open vSwitch)" : "";
  yield* paragraph(
    `Bridge ${safeText(name)}${of}: ${count(ports.length, "port")}, checksum offload ${offloadText(offload)}`,
    style,
  );
  yield* portLines(ports, style);
}

function* portLines(ports: readonly Port[], style: TextStyle): Generator<string> {
  const rows = ports.map((port) => [
    safeText(port.name),
    port.kind,
    port.state ?? "?",
    offloadText(port.offload),
    machineText(port),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    // Beyond the width a row goes on in the next line, as any paragraph does.
    yield* paragraph(cells.trimEnd(), style, { indent: 2, hang: 6 });
  }
}

function machineText({ tap, kind }: Port): string {
  if (kind !== "tap") return "";
  const machine = tap?.machine ?? null;
  if (machine === null) return "nobody seen behind it";
  const { nic } = machine;
  const parts = [
    nic?.model ?? "card not known",
    nic?.mac ?? "",
    nic?.vhost === true ? "vhost" : "",
    nic?.guestCsum === false ? "guest_csum=off" : "",
    nic?.csum === false ? "csum=off" : "",
  ].filter((part) => part !== "");
  return `${safeText(machine.name ?? machine.program)} (${parts.map((part) => safeText(part)).join(", ")})`;
}

function offloadText(offload: Offload | null): string {
  if (offload === null) return "offload ?";
  return `${offload.active ? "on" : "off"}${offload.fixed ? " (fixed)" : ""}`;
}

function* switchLines({ rules, udpChecksumErrors }: HostFacts, style: TextStyle): Generator<string> {
  const said = [
    fillText(rules.fill),
    rules.zeroing === null ? "rules of nftables not readable (root may, where nft is installed)" : "",
    rules.bridgeCallsIptables === null
      ? "br_netfilter not loaded"
      : `bridge-nf-call-iptables=${rules.bridgeCallsIptables ? 1 : 0}`,
    rules.conntrackVerifies === null ? "" : `nf_conntrack_checksum=${rules.conntrackVerifies ? 1 : 0}`,
    udpChecksumErrors === null
      ? ""
      : `this host itself dropped ${count(udpChecksumErrors, "UDP datagram")} for their checksum`,
  ].filter((part) => part !== "");
  yield* paragraph(`Host: ${list(said)}.`, style, { hang: 2 });
}

function fillText(fill: HostFacts["rules"]["fill"]): string {
  if (fill === null) return "rules of iptables not readable (root may, where iptables is installed)";
  return fill.length === 0 ? "no CHECKSUM rule" : count(fill.length, "CHECKSUM rule");
}

/** Alike judgements are told once in full. */
function* judgementLines(judgements: readonly HostJudgement[], style: TextStyle): Generator<string> {
  const groups = new Map<string, HostJudgement[]>();
  for (const judgement of judgements) {
    const key = `${judgement.code} ${judgement.detail}`;
    groups.set(key, [...(groups.get(key) ?? []), judgement]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    yield "";
    const tone = first.severity === "note" ? "label" : first.severity;
    for (const { summary } of group.slice(0, MOST_ALIKE)) {
      yield* paragraph(`${safeText(summary)}.`, style, { hang: 9, label: LABELS[first.severity], tone });
    }
    if (group.length > MOST_ALIKE) {
      const others = group.slice(MOST_ALIKE).map(({ port }) => safeText(port ?? ""));
      yield* paragraph(`and likewise ${list(others)}.`, style, { indent: 9 });
    }
    yield* paragraph(`${paint(first.code, "label", { ...style, color: false })}. ${first.detail}`, style, {
      indent: 2,
    });
    yield* remedyLines(first, style);
  }
}

function* remedyLines({ remedies }: HostJudgement, style: TextStyle): Generator<string> {
  for (const [index, remedy] of remedies.entries()) {
    yield* paragraph(`If ${remedy.appliesWhen}`, style, { indent: 2, hang: 8, label: index === 0 ? "Fix" : "Or" });
    if (remedy.command !== null) yield* commandLines(remedy.command, style, 10);
    if (remedy.command === null) yield* paragraph(remedy.what, style, { indent: 8 });
  }
}
