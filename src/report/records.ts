import { formatInstant, secondsBetween, toStamp, type Instant } from "../capture/instant.js";
import type { Diagnosis } from "../findings/diagnose.js";
import type { Finding } from "../findings/finding.js";
import { describe } from "../findings/prose.js";
import type { Background } from "../findings/prose/facts.js";
import { unquoted } from "../findings/prose/foreign-text.js";
import { remediesHere } from "../host/remedies-here.js";
import type { HostView } from "../host/view.js";
import type { AcquisitionCycle, Attempt, Binding, Lease, RenewalCycle } from "../lease/cycle.js";
import { lastSighting, type Message } from "../lease/message.js";
import type { Server, ServerSilence } from "../lease/servers.js";
import { deadlines } from "../lease/timers.js";
import { formatIpv4 } from "../wire/addresses.js";
import { hostRecord, whereText } from "./client-host.js";
import type * as Events from "./events.js";
import { addressOrNull, checksumRecord, refOf, seconds, sightingRecord, timeOrNull, vlanList } from "./units.js";

function ofClient(binding: Binding, id: string, final: boolean): Events.OfClient {
  return {
    id,
    client: binding.client.address,
    clientId: binding.clientId,
    name: binding.name,
    version: 4,
    vlan: vlanList(binding.vlan),
    final,
  };
}

export function leaseRecord(lease: Lease, final: boolean): Events.Lease {
  const { granted, terms } = lease;
  const times = granted === null || terms === null ? null : deadlines(granted, terms);
  return {
    type: "lease",
    ...ofClient(lease.binding, lease.id, final),
    address: formatIpv4(lease.address),
    server: addressOrNull(lease.server),
    granted: timeOrNull(granted),
    leaseTime: terms === null || terms.leaseTime === Infinity ? null : terms.leaseTime,
    t1: timeOrNull(times?.t1 ?? null),
    t2: timeOrNull(times?.t2 ?? null),
    expires: timeOrNull(times?.expires ?? null),
    timers: granted === null ? "inferred" : terms === null ? "unknown" : terms.timers,
    state: lease.state,
    outage: lease.outage === null ? null : seconds(lease.outage),
  };
}

export function renewalRecord(diagnosis: Diagnosis, cycle: RenewalCycle, final: boolean): Events.Renewal {
  return {
    type: "renewal",
    ...ofClient(cycle.binding, cycle.id, final),
    lease: cycle.lease.id,
    address: formatIpv4(cycle.lease.address),
    phase: cycle.phase,
    outcome: cycle.outcome,
    ...ofCycle(diagnosis, cycle.grantedBefore),
  };
}

export function acquisitionRecord(diagnosis: Diagnosis, cycle: AcquisitionCycle, final: boolean): Events.Acquisition {
  return {
    type: "acquisition",
    ...ofClient(cycle.binding, cycle.id, final),
    from: cycle.from,
    address: addressOrNull(cycle.address),
    outcome: cycle.outcome,
    ...ofCycle(diagnosis, null),
  };
}

type OfCycle = Pick<Events.Renewal, "started" | "ended" | "attempts" | "cause" | "confidence" | "alternatives">;

function ofCycle({ cycle, causes, main, untimed }: Diagnosis, terms: RenewalCycle["grantedBefore"]): OfCycle {
  return {
    started: formatInstant(cycle.started),
    ended: timeOrNull(cycle.ended),
    attempts: cycle.attempts.map((attempt) =>
      attemptRecord(attempt, causes.get(attempt)?.cause ?? null, terms, untimed),
    ),
    cause: main?.cause ?? null,
    confidence: main?.confidence ?? null,
    alternatives: [...(main?.alternatives ?? [])],
  };
}

function attemptRecord(
  attempt: Attempt,
  cause: Events.Cause | null,
  before: RenewalCycle["grantedBefore"],
  untimed: Diagnosis["untimed"],
): Events.Attempt {
  const { message } = attempt;
  const times = before === null ? null : deadlines(before.granted, before.terms);
  return {
    message: message.kind,
    ...seen(message),
    time: formatInstant(message.instant),
    to: message.broadcast ? "broadcast" : "unicast",
    sinceT1: times === null ? null : seconds(secondsBetween(times.t1, message.instant)),
    untilExpiry: times === null ? null : seconds(secondsBetween(message.instant, times.expires)),
    replies: attempt.replies.map((reply) => ({
      message: reply.message.kind,
      ...seen(reply.message),
      latency: seconds(secondsBetween(message.instant, reply.message.instant)),
      ...atLeast(untimed.get(reply)),
      outcome: reply.outcome,
      reason: reply.reason,
    })),
    cause,
  };
}

/** Reckoned from doubles, which are good to a microsecond. */
function atLeast(least: number | undefined): Pick<Events.Reply, "latencyAtLeast"> {
  return least === undefined ? {} : { latencyAtLeast: Math.round(least * 1e6) / 1e6 };
}

function seen(message: Message): Pick<Events.Attempt, "ref" | "sightings" | "checksum"> {
  const last = lastSighting(message);
  return {
    ref: refOf(message.sightings[0] ?? last),
    sightings: message.sightings.map(sightingRecord),
    checksum: checksumRecord(last.checksum),
  };
}

export function serverRecord(
  server: Server,
  silences: readonly ServerSilence[],
  digits: Instant["digits"],
): Events.Server {
  const at = (time: number, shift: number): string => formatInstant(instantOf(time, digits, shift));
  return {
    type: "server",
    server: formatIpv4(server.address),
    replies: server.replies,
    latency: latencyOf(server.latencies),
    silences: silences.map(({ from, to, shift, requests, answered }) => ({
      from: at(from, shift),
      to: to === null ? null : at(to, shift),
      requests,
      answered,
    })),
    checksums: { ...server.checksums },
  };
}

/** A time that was kept as a double holds microseconds; what lies beyond them is rounding. */
function instantOf(time: number, digits: Instant["digits"], shift: number): Instant {
  const total = Math.round(time * 1e6);
  const seconds = Math.floor(total / 1e6);
  return { seconds, nanos: (total - seconds * 1e6) * 1000, digits, shift };
}

/** By their stamps: where a clock was set back, what came later may have the earlier one. */
function isAfter(a: Instant, b: Instant): boolean {
  return toStamp(a) > toStamp(b);
}

function latencyOf(latencies: readonly number[]): Events.Latency | null {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (part: number): number | undefined =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const median = at(0.5);
  const p95 = at(0.95);
  const max = sorted.at(-1);
  return median === undefined || p95 === undefined || max === undefined
    ? null
    : { median: micros(median), p95: micros(p95), max: micros(max) };
}

function micros(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The address that a DECLINE is about. */
function declined(finding: Finding): number | null {
  return finding.kind === "note" && finding.code === "duplicate-address"
    ? (finding.evidence[0]?.message?.requested ?? null)
    : null;
}

/** @param view the host that its client is on; null: nothing is known of one */
export function findingRecord(
  finding: Finding,
  background: Background,
  final: boolean,
  view: HostView | null,
): Events.Finding {
  const { binding } = finding;
  const found = view?.portOf(finding) ?? null;
  const { summary, detail } = describe(finding, background);
  const renewals = finding.kind === "loss" ? finding.diagnoses.map(({ cycle }) => cycle) : [];
  const lease = renewals.find((cycle) => cycle.kind === "renewal")?.lease ?? null;
  const acquired = renewals.find((cycle) => cycle.kind === "acquisition")?.address ?? null;
  return {
    type: "finding",
    id: finding.id,
    final,
    code: finding.code,
    severity: finding.severity,
    confidence: finding.confidence,
    alternatives: [...finding.alternatives],
    client: binding?.client.address ?? null,
    name: binding?.name ?? found?.port.tap?.machine?.name ?? null,
    address: addressOrNull(lease?.address ?? acquired ?? declined(finding)),
    renewals: renewals.filter(({ kind }) => kind === "renewal").map(({ id }) => id),
    evidence: [...finding.evidence.map(refOf), ...(finding.kind === "loss" ? finding.lines : [])],
    from: formatInstant(finding.from),
    to: formatInstant(isAfter(finding.to, finding.from) ? finding.to : finding.from),
    summary,
    detail: found === null || binding === null ? detail : `${detail} ${unquoted(whereText(found, binding))}`,
    remedies: remediesHere(finding, background, view),
    ...(view === null ? {} : { host: found === null ? null : hostRecord(found) }),
  };
}
