import { count, list } from "../findings/prose/words.js";
import type { Bridge, HostFacts, Port } from "../host/facts.js";
import type { HostJudgement } from "../host/judgement.js";
import { behindText, hostText, machineText, offloadText, troubleText } from "./host-words.js";
import { safeText } from "./safe-text.js";
import { commandLines, paragraph, type TextStyle } from "./text-style.js";

const LABELS = { error: "FAULT", warning: "WARNING", note: "note" } as const;
/** Characters of a sentence that may hold names of strangers. */
const LONGEST = 2000;
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
    yield* bridgeLines(bridge, facts, style);
    yield "";
  }
  if (facts.loose.length > 0) {
    yield* paragraph("Taps without a bridge", style);
    yield* portLines(facts.loose, facts, style);
    yield "";
  }
  yield* elsewhereLines(facts, style);
  yield* paragraph(`Host: ${hostText(facts)}.`, style, { hang: 2 });
  for (const sentence of facts.unreadable) {
    yield* paragraph(`Not readable: ${sentence}.`, style, { hang: 2 });
  }
  yield* judgementLines(judgements, style);
}

function* bridgeLines({ name, kind, offload, ports }: Bridge, facts: HostFacts, style: TextStyle): Generator<string> {
  const of = kind === "openvswitch" ? " (Open vSwitch)" : "";
  yield* paragraph(
    `Bridge ${safeText(name)}${of}: ${count(ports.length, "port")}, checksum offload ${offloadText(offload)}`,
    style,
  );
  yield* portLines(ports, facts, style);
}

function* portLines(ports: readonly Port[], facts: HostFacts, style: TextStyle): Generator<string> {
  const rows = ports.map((port) => [
    safeText(port.name),
    port.kind,
    port.state ?? "?",
    offloadText(port.offload),
    [behindText(port, facts), troubleText(port)].filter((part) => part !== "").join("; "),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    // Beyond the width a row goes on in the next line, as any paragraph does.
    yield* paragraph(cells.trimEnd(), style, { indent: 2, hang: 6 });
  }
}

/** Taps that another network namespace has: to be looked at from there. */
function* elsewhereLines({ elsewhere }: HostFacts, style: TextStyle): Generator<string> {
  if (elsewhere.length === 0) return;
  yield* paragraph("Taps in other network namespaces", style);
  for (const { name, machine } of elsewhere) {
    const look = `look there with: nsenter -t ${machine.pid} -n leasetap doctor -i ${safeText(name)}`;
    yield* paragraph(`${safeText(name)}  ${machineText(machine)}; ${look}`, style, { indent: 2, hang: 6 });
  }
  yield "";
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
      yield* paragraph(`${safeText(summary, LONGEST)}.`, style, { hang: 9, label: LABELS[first.severity], tone });
    }
    if (group.length > MOST_ALIKE) {
      const others = group.slice(MOST_ALIKE).map(({ port }) => safeText(port ?? ""));
      const each = first.remedies.length === 0 ? "" : " What fits each of them: leasetap doctor -i PORT";
      yield* paragraph(`and likewise ${list(others)}.${each}`, style, { indent: 9 });
    }
    yield* paragraph(`${first.code}. ${safeText(first.detail, LONGEST)}`, style, { indent: 2 });
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
