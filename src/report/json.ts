import { formatInstant, instantAt, later } from "../capture/instant.js";
import type { InputClock } from "../clocks/input-clock.js";
import { logClock, type PlacedLog } from "../evidence/placed-log.js";
import type { Compression } from "../capture/compression.js";
import type { Damage } from "../capture/sink.js";
import type { Diagnosis } from "../findings/diagnose.js";
import type { Finding } from "../findings/finding.js";
import type { FrameFacts, InputFacts, Inspection } from "../findings/inspection.js";
import type { HostView } from "../host/view.js";
import type { Cycle, Lease } from "../lease/cycle.js";
import { VERSION } from "../version.js";
import { formatHex, formatIpv4 } from "../wire/addresses.js";
import type * as Events from "./events.js";
import { wantsClient, wantsTime, type ReportFilter } from "./filter.js";
import { frameRecord } from "./frame-record.js";
import { acquisitionRecord, findingRecord, leaseRecord, renewalRecord, serverRecord } from "./records.js";
import { seconds, timeOrNull } from "./units.js";

/** What the reader of an input knows of it beside its frames. */
export interface InputReading {
  readonly facts: InputFacts;
  readonly format: string;
  readonly compression: string | null;
  readonly damage: Damage | null;
}

/** A log that was read beside the captures. */
export interface LogBeside {
  readonly input: string;
  readonly lines: number;
  /** Lines that say something of DHCP. */
  readonly telling: number;
  readonly compression: Compression | null;
  /** Why it could not be read whole; null: it was. */
  readonly damage: Damage | null;
  /** How it lies beside the packets; null: not known. */
  readonly placed: PlacedLog | null;
}

export interface Findings {
  readonly inspection: Inspection;
  readonly inputs: readonly InputReading[];
  /** false: interrupted, or an input could not be read whole. */
  readonly complete: boolean;
  /** Files in folders that are no captures, and were not read. */
  readonly passedOver: number;
  /** Absent: no log was read beside the captures. */
  readonly logs?: readonly LogBeside[];
}

/**
 * All records of events.ts for what was found, in their order.
 *
 * @param host that the clients are on, as far as one is known
 */
export function* records(
  found: Findings,
  filter: ReportFilter,
  withFrames: boolean,
  host: HostView | null = null,
): Generator<Events.LeasetapRecord> {
  const { inspection, inputs, logs = [] } = found;
  yield {
    type: "start",
    schema: 1,
    program: "leasetap",
    version: VERSION,
    inputs: [...inputs.map(({ facts }) => facts.name), ...logs.map(({ input }) => input)],
  };
  for (const input of inputs) {
    yield inputRecord(input);
  }
  for (const log of logs) {
    yield logRecord(log, inputs[0]?.facts.name ?? "");
  }
  if (withFrames) {
    for (const { sighting, timed, ipChecksum } of framesInOrder(inspection)) {
      if (wantsFrame(filter, { sighting, timed, ipChecksum })) yield frameRecord(sighting, timed, ipChecksum);
    }
  }
  const told = select(inspection, filter);
  for (const lease of told.leases) {
    yield leaseRecord(lease, true);
  }
  for (const diagnosis of told.diagnoses) {
    if (diagnosis.cycle.kind === "acquisition") yield acquisitionRecord(diagnosis, diagnosis.cycle, true);
  }
  for (const diagnosis of told.diagnoses) {
    if (diagnosis.cycle.kind === "renewal") yield renewalRecord(diagnosis, diagnosis.cycle, true);
  }
  const digits = inputs.some(({ facts }) => facts.last?.digits === 9) ? 9 : 6;
  for (const { server, silences } of inspection.servers) {
    yield serverRecord(server, silences, digits);
  }
  for (const finding of told.findings) {
    yield findingRecord(finding, inspection, true, host);
  }
  yield summaryRecord(found, told, filter);
}

/** What of an inspection passes the filter. */
export interface Selection {
  readonly leases: readonly Lease[];
  readonly diagnoses: readonly Diagnosis[];
  readonly findings: readonly Finding[];
}

export function select(inspection: Inspection, filter: ReportFilter): Selection {
  const diagnoses = inspection.diagnoses.filter(
    ({ cycle }) =>
      wantsTime(filter, cycle.started, cycle.ended) &&
      wantsClient(filter, cycle.binding, [cycle.kind === "renewal" ? cycle.lease.address : (cycle.address ?? 0)]),
  );
  // When a lease began is not kept through its renewals: it is told unless nobody was watching in that time.
  const leases = inspection.inputs.some((input) => wantsInput(filter, input))
    ? inspection.leases.filter((lease) => wantsClient(filter, lease.binding, [lease.address]))
    : [];
  const wanted = new Set(diagnoses);
  const findings = inspection.findings.filter((finding) =>
    finding.kind === "loss"
      ? finding.diagnoses.some((diagnosis) => wanted.has(diagnosis))
      : wantsTime(filter, finding.from, finding.to) &&
        (finding.binding === null || wantsClient(filter, finding.binding, [])),
  );
  return { leases, diagnoses, findings };
}

function wantsInput(filter: ReportFilter, { first, last, observedUntil }: InputFacts): boolean {
  return first === null || last === null || wantsTime(filter, first, observedUntil ?? last);
}

function wantsFrame(filter: ReportFilter, { sighting, timed }: FrameFacts): boolean {
  const { dhcp } = sighting.frame;
  if (timed && !wantsTime(filter, sighting.instant, sighting.instant)) return false;
  if (filter.client === null) return true;
  if (dhcp === null) return false;
  const { message } = sighting;
  const hardware = formatHex(dhcp.chaddr);
  const addresses = [dhcp.ciaddr, dhcp.yiaddr, message?.requested ?? 0];
  return (
    hardware === filter.client ||
    message?.hostname?.toLowerCase() === filter.client ||
    addresses.some((address) => formatIpv4(address) === filter.client)
  );
}

/** By input, then by number: as they came, input after input. */
function framesInOrder(inspection: Inspection): FrameFacts[] {
  const order = new Map(inspection.inputs.map(({ name }, index) => [name, index]));
  return [...inspection.frames].sort(
    (a, b) =>
      (order.get(a.sighting.point.input) ?? 0) - (order.get(b.sighting.point.input) ?? 0) ||
      a.sighting.frameNumber - b.sighting.frameNumber,
  );
}

function inputRecord({ facts, format, compression, damage }: InputReading): Events.Input {
  const { own } = facts;
  return {
    type: "input",
    input: facts.name,
    format,
    compression,
    linkTypes: [...new Set(facts.interfaces.map(({ linkType }) => linkType))],
    interfaces: facts.interfaces.flatMap(({ name }) => name ?? []),
    frames: facts.frames,
    dhcp: facts.dhcp,
    first: timeOrNull((own ?? facts).first),
    last: timeOrNull((own ?? facts).last),
    observedUntil: timeOrNull(own === null ? facts.observedUntil : later(own.observedUntil, own.last)),
    clock: own === null ? null : clockRecord(own.clock),
    damage: damage === null ? null : { code: damage.code, offset: damage.offset, sentence: damage.sentence },
  };
}

function logRecord({ input, compression, damage, placed }: LogBeside, reference: string): Events.Input {
  const clock = placed === null ? null : logClock(placed, reference);
  const { first, last } = placed ?? { first: NaN, last: NaN };
  return {
    ...{ type: "input", input, format: "log", compression, linkTypes: [], interfaces: [], frames: 0, dhcp: 0 },
    first: stampOrNull(first),
    last: stampOrNull(last),
    observedUntil: stampOrNull(last),
    clock: clock === null ? null : clockRecord(clock),
    damage: damage === null ? null : { code: damage.code, offset: damage.offset, sentence: damage.sentence },
  };
}

function stampOrNull(time: number): string | null {
  return Number.isNaN(time) || Math.abs(time) > CALENDAR ? null : formatInstant(instantAt(time));
}

/** Seconds since 1970 that a Date can write with four digits of the year. */
const CALENDAR = 253_402_300_799;

function clockRecord({ reference, messages, ordered, spans }: InputClock): Events.InputClock {
  return {
    reference,
    messages,
    ordered,
    spans: spans.map(({ from, ahead, drift }) => ({ fromFrame: from, ahead: seconds(ahead), drift })),
  };
}

/**
 * Attempts of a long cycle that were counted and not kept lay between others; where every one that was kept is lost, so
 * were they.
 */
function lostIn(cycle: Cycle, kept: number): number {
  return kept > 0 && kept >= cycle.attempts.length - 1 ? kept + cycle.dropped : kept;
}

function summaryRecord(
  { inspection, inputs, complete }: Findings,
  told: Selection,
  filter: ReportFilter,
): Events.Summary {
  const renewals = { renewed: 0, refused: 0, expired: 0, abandoned: 0, left: 0, pending: 0 };
  const acquisitions = { bound: 0, refused: 0, failed: 0, pending: 0 };
  const findings = { error: 0, warning: 0, note: 0 };
  let attemptsLost = 0;
  for (const { cycle, lost } of told.diagnoses) {
    if (cycle.kind === "renewal") renewals[cycle.outcome] += 1;
    else acquisitions[cycle.outcome] += 1;
    attemptsLost += lostIn(cycle, lost.length);
  }
  if (filter.client === null && filter.since === -Infinity && filter.until === Infinity) {
    // What went well and was too much to keep is at least counted.
    renewals.renewed += inspection.healthy.renewals;
    acquisitions.bound += inspection.healthy.acquisitions;
  }
  for (const { severity } of told.findings) {
    findings[severity] += 1;
  }
  return {
    type: "summary",
    complete,
    frames: {
      total: inputs.reduce((sum, { facts }) => sum + facts.frames, 0),
      dhcp: inputs.reduce((sum, { facts }) => sum + facts.dhcp, 0),
    },
    checksums: { udp: { ...inspection.checksums.udp }, ip: { ...inspection.checksums.ip } },
    clients: inspection.clients,
    renewals,
    acquisitions,
    attemptsLost,
    findings,
  };
}
