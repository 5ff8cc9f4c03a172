import type { LogFinding } from "../logs/finding.js";
import type { Place } from "../logs/place.js";
import type { LogReading } from "../logs/read-log.js";
import { VERSION } from "../version.js";
import { formatIpv4 } from "../wire/addresses.js";
import type * as Events from "./events.js";

/** The records of events.ts for logs: what has no meaning without packets is 0 or null. */
export function* logRecords(readings: readonly LogReading[]): Generator<Events.LeasetapRecord> {
  yield {
    type: "start",
    schema: 1,
    program: "leasetap",
    version: VERSION,
    inputs: readings.map(({ inspection }) => inspection.input),
  };
  for (const reading of readings) {
    yield inputRecord(reading);
  }
  const findings = readings.flatMap(({ inspection }) => inspection.findings);
  for (const [index, finding] of findings.entries()) {
    yield findingRecord(finding, `log-${index + 1}`);
  }
  yield summaryRecord(readings, findings);
}

function inputRecord({ inspection, compression, damage }: LogReading): Events.Input {
  const { input, first, last } = inspection;
  return {
    type: "input",
    input,
    format: "log",
    compression,
    linkTypes: [],
    interfaces: [],
    frames: 0,
    dhcp: 0,
    first: timeOf(first),
    last: timeOf(last),
    observedUntil: timeOf(last),
    clock: null,
    damage,
  };
}

function findingRecord(finding: LogFinding, id: string): Events.Finding {
  const { who, evidence, from, to, summary, proof, open, remedies } = finding;
  return {
    type: "finding",
    id,
    final: true,
    code: finding.code,
    severity: finding.severity,
    confidence: finding.confidence,
    alternatives: [...finding.alternatives],
    client: who.hardware,
    name: who.host,
    address: who.address === null || who.address === 0 ? null : formatIpv4(who.address),
    renewals: [],
    evidence: evidence.map(({ input, line }) => ({ input, line })),
    from: timeOf(from) ?? UNKNOWN,
    to: timeOf(to) ?? UNKNOWN,
    summary,
    detail: [...proof, ...open].join(" "),
    remedies: remedies.map((remedy) => ({ ...remedy })),
  };
}

function summaryRecord(readings: readonly LogReading[], findings: readonly LogFinding[]): Events.Summary {
  const sums = { good: 0, absent: 0, partial: 0, bad: 0, unverified: 0 };
  const count = (severity: LogFinding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const total = (of: (reading: LogReading) => number): number =>
    readings.reduce((sum, reading) => sum + of(reading), 0);
  return {
    type: "summary",
    complete: readings.every(({ damage }) => damage === null),
    frames: { total: 0, dhcp: 0 },
    checksums: { udp: { ...sums }, ip: { ...sums } },
    clients: total(({ inspection }) => inspection.clients),
    renewals: {
      renewed: total(({ inspection }) => inspection.renewed),
      refused: 0,
      expired: 0,
      abandoned: 0,
      left: 0,
      pending: 0,
    },
    acquisitions: { bound: total(({ inspection }) => inspection.acquired), refused: 0, failed: 0, pending: 0 },
    attemptsLost: 0,
    findings: { error: count("error"), warning: count("warning"), note: count("note") },
  };
}

/** A log without stamps has no time; the schema wants one all the same. */
const UNKNOWN = "1970-01-01T00:00:00.000000Z";

function timeOf(place: Place | null): string | null {
  const time = place?.stamp?.time;
  if (time === undefined) return null;
  const micros = Math.floor(time * 1e6);
  const seconds = Math.floor(micros / 1e6);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return `${date.toISOString().slice(0, 19)}.${String(micros - seconds * 1e6).padStart(6, "0")}Z`;
}
