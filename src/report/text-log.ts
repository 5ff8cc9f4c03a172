import { capital, count, list } from "../findings/prose/words.js";
import type { LogFinding, Who } from "../logs/finding.js";
import type { LogInspection } from "../logs/inspect.js";
import type { Place } from "../logs/place.js";
import type { LogReading } from "../logs/read-log.js";
import { TOPICS } from "../logs/topics.js";
import { formatIpv4 } from "../wire/addresses.js";
import { safeText } from "./safe-text.js";
import { commandLines, paint, paragraph, type TextStyle } from "./text-style.js";

/** Findings beyond this are only counted. */
const MOST = 20;
const ORDER = { error: 0, warning: 1, note: 2 } as const;
const LABELS = { error: "LOST", warning: "WARNING", note: "note" } as const;

/** The report of logs for a reader at a terminal: what was looked at, what it proves, what it cannot tell. */
export function* logReport(readings: readonly LogReading[], style: TextStyle): Generator<string> {
  for (const reading of readings) {
    yield* inputLines(reading, style);
  }
  const findings = readings
    .flatMap(({ inspection }) => inspection.findings)
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  yield* verdictLines(readings, findings, style);
  for (const finding of findings.slice(0, MOST)) {
    yield "";
    yield* findingLines(finding, style);
  }
  if (findings.length > MOST) {
    yield "";
    yield* paragraph(`${count(findings.length - MOST, "further finding")} of the same kinds: --json lists all.`, style);
  }
  for (const { inspection } of readings) {
    yield* remarkLines(inspection, style);
  }
}

function* inputLines({ inspection, damage }: LogReading, style: TextStyle): Generator<string> {
  const { input, lines, telling, first, last, programs } = inspection;
  const name = input === "-" ? "standard input" : safeText(input);
  const of = programs.length === 0 ? "" : ` (${list(programs)})`;
  const span = first === null || last === null ? "" : spanText(first, last);
  yield* paragraph(`${name}: ${count(lines, "line")}, ${telling} about DHCP${of}${span}`, style, { hang: 2 });
  if (damage !== null) {
    yield* paragraph(damage.sentence, style, {
      indent: 2,
      hang: 11,
      label: "Damaged",
      tone: "warning",
    });
  }
}

function spanText({ stamp: from }: Place, { stamp: to }: Place): string {
  if (from === null || to === null) return "";
  return from.shown === to.shown ? `, ${from.shown}` : `, ${from.shown} to ${to.shown}`;
}

function* verdictLines(
  readings: readonly LogReading[],
  findings: readonly LogFinding[],
  style: TextStyle,
): Generator<string> {
  const total = (of: (inspection: LogInspection) => number): number =>
    readings.reduce((sum, { inspection }) => sum + of(inspection), 0);
  if (total(({ telling }) => telling) === 0) {
    yield* paragraph(
      "Nothing in it is about DHCP. leasetap log reads logs of dhclient, dhcpcd, udhcpc, systemd-networkd, NetworkManager, ConnMan, dhcpleased, dhcpd, dnsmasq, Kea and udhcpd, and lines of tcpdump -vv.",
      style,
    );
    return;
  }
  const [renewed, acquired, answered] = [
    total((inspection) => inspection.renewed),
    total((inspection) => inspection.acquired),
    total((inspection) => inspection.answered),
  ];
  const well = [
    acquired === 0 ? "" : count(acquired, "new lease"),
    renewed === 0 ? "" : count(renewed, "renewal"),
    answered === 0 ? "" : `${count(answered, "answer")} by servers`,
  ].filter((part) => part !== "");
  const trouble = findings.some(({ severity }) => severity !== "note");
  if (well.length > 0) yield* paragraph(`Went well: ${list(well)}.`, style);
  if (total(({ dumped }) => dumped) > 0) {
    yield* paragraph(
      "Lines of tcpdump show checksums, and not what became of requests: give the capture itself to leasetap analyze.",
      style,
    );
  } else if (!trouble) {
    yield* paragraph("Nothing in it says that a lease was lost.", style);
  }
}

function* findingLines(finding: LogFinding, style: TextStyle): Generator<string> {
  const { severity, who, summary, proof, open, remedies, code, confidence } = finding;
  const tone = severity === "note" ? "label" : severity;
  yield* paragraph(`${paint(LABELS[severity], tone, { ...style, color: false })}  ${whoText(who)}`, style, { hang: 2 });
  yield* paragraph(`${capital(summary)}.`, style, { indent: 2 });
  yield "";
  yield* labelled("Lines", placesText(finding), style);
  if (proof.length > 0) yield* labelled("Why", `${code}, ${confidence}. ${proof.join(" ")}`, style);
  if (open.length > 0) yield* labelled("Open", open.join(" "), style);
  for (const [index, remedy] of remedies.entries()) {
    yield* labelled(index === 0 ? "Next" : "Or", remedy.what, style);
    if (remedy.command !== null) yield* commandLines(remedy.command, style, 10);
  }
}

function* labelled(label: string, text: string, style: TextStyle): Generator<string> {
  yield* paragraph(text, style, { indent: 2, hang: 8, label });
}

function whoText({ role, host, device, hardware, address, program }: Who): string {
  const parts = [
    host === null ? "" : safeText(host),
    device === null ? "" : safeText(device),
    hardware === null ? "" : safeText(hardware),
    address === null ? "" : formatIpv4(address),
  ].filter((part) => part !== "");
  const named = parts.length === 0 ? "" : `${parts.join(" ")} `;
  return `${named}(${role === "server" ? "as server, " : ""}${safeText(program)})`;
}

function placesText({ evidence, from, to }: LogFinding): string {
  const numbers = evidence.map(({ line }) => line);
  const span = from.line === to.line ? "" : spanText(from, to).replace(/^, /, ". ");
  return `${rangesOf(numbers)}${span}`;
}

/** "3 to 6, 9": consecutive numbers together. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else if (last?.[1] !== number) ranges.push([number, number]);
  }
  const shown = ranges.slice(0, 8).map(([a, b]) => (a === b ? String(a) : b === a + 1 ? `${a}, ${b}` : `${a} to ${b}`));
  return ranges.length > shown.length ? `${shown.join(", ")} and more` : shown.join(", ");
}

function* remarkLines({ remarks }: LogInspection, style: TextStyle): Generator<string> {
  for (const [topic, places] of remarks) {
    yield "";
    const numbers = rangesOf(places.map(({ line }) => line));
    yield* paragraph(`Line ${numbers}: ${TOPICS[topic]}`, style, { hang: 2 });
  }
}
