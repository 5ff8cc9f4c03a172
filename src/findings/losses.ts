import { secondsBetween } from "../capture/instant.js";
import type { Binding } from "../lease/cycle.js";
import type { FrameRef } from "../lease/message.js";
import type { Cause, Confidence, Judgement, Severity } from "./cause.js";
import { isMoreCertain } from "./cause.js";
import type { Diagnosis } from "./diagnose.js";
import type { LossFinding } from "./finding.js";
import { severityOf, worse } from "./severity.js";

/** One rescued loss is a hiccup; so many, in so large a part of a client's renewals, are a fault that will bite. */
const AGAIN_AND_AGAIN = 3;
const LARGE_PART = 1 / 3;
/** Frames named as evidence of one finding; the rest is in the renewal records. */
export const MOST_EVIDENCE = 200;

interface Group {
  readonly binding: Binding;
  readonly code: Cause;
  readonly diagnoses: Diagnosis[];
  severity: Severity;
}

/**
 * Joins what befell one client for one reason into one finding.
 *
 * @param renewals how many renewals of each client were seen, healthy ones included
 */
export function lossFindings(
  diagnoses: readonly Diagnosis[],
  renewals: ReadonlyMap<Binding, number>,
): Omit<LossFinding, "id">[] {
  const groups = new Map<Binding, Map<Cause, Group>>();
  for (const diagnosis of diagnoses) {
    const severity = severityOf(diagnosis);
    if (severity === null || diagnosis.main === null) {
      continue;
    }
    const { binding } = diagnosis.cycle;
    const code = diagnosis.main.cause;
    const ofClient = groups.get(binding) ?? new Map<Cause, Group>();
    groups.set(binding, ofClient);
    const group = ofClient.get(code) ?? { binding, code, diagnoses: [], severity };
    ofClient.set(code, group);
    group.diagnoses.push(diagnosis);
    group.severity = worse(group.severity, severity);
  }
  return [...groups.values()]
    .flatMap((ofClient) => [...ofClient.values()])
    .flatMap((group) => finding(group, renewals.get(group.binding) ?? 0));
}

function finding(group: Group, renewals: number): Omit<LossFinding, "id">[] {
  const { binding, code, diagnoses } = group;
  const spoiled = diagnoses.filter(({ cycle }) => cycle.kind === "renewal").length;
  const habitual = spoiled >= AGAIN_AND_AGAIN && spoiled >= LARGE_PART * renewals && !isGone(diagnoses);
  const refusals = diagnoses.filter(({ cycle }) => cycle.kind === "acquisition" && cycle.outcome === "refused").length;
  if (refusals >= AGAIN_AND_AGAIN) {
    group.severity = worse(group.severity, binding.lease === null ? "error" : "warning");
  }
  const first = diagnoses[0];
  if (first === undefined) {
    return [];
  }
  const evidence = diagnoses.flatMap(evidenceOf);
  const last = diagnoses.at(-1) ?? first;
  const to = last.cycle.ended ?? evidence.at(-1)?.instant ?? last.cycle.started;
  const worstFirst = [...diagnoses].sort((a, b) => Number(isSurer(b, a)) - Number(isSurer(a, b)));
  const main = worstFirst[0]?.main ?? first.main;
  return [
    {
      kind: "loss",
      code,
      binding,
      diagnoses,
      severity: habitual ? worse(group.severity, "warning") : group.severity,
      confidence: main?.confidence ?? "possible",
      alternatives: main?.alternatives ?? [],
      evidence: evidence.slice(0, MOST_EVIDENCE),
      lines: diagnoses.flatMap(({ said }) => said.flatMap(({ lines }) => lines)).slice(0, MOST_EVIDENCE),
      from: first.cycle.started,
      // A clock that was set back on the way must not end a finding before it begins.
      to: secondsBetween(first.cycle.started, to) < 0 ? first.cycle.started : to,
    },
  ];
}

function isGone(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.every(({ cycle }) => cycle.kind === "renewal" && cycle.outcome === "left");
}

function isSurer(a: Diagnosis, b: Diagnosis): boolean {
  const confidence = (diagnosis: Diagnosis): Confidence => diagnosis.main?.confidence ?? "possible";
  return isMoreCertain(confidence(a), confidence(b));
}

/**
 * The lost attempts, what came back, the reply that ended it, and ARP requests that show why nothing was asked or
 * answered: first sightings, in order of time.
 */
function evidenceOf({ cycle, lost, main }: Diagnosis): FrameRef[] {
  const messages = [
    ...lost.flatMap((attempt) => [attempt.message, ...attempt.replies.map(({ message }) => message)]),
    ...(cycle.accepted === null ? [] : [cycle.accepted.message]),
  ];
  const seen = [...new Set(messages)].flatMap(({ sightings }) => sightings[0] ?? []);
  return [...seen, ...besides(cycle, main)].sort((a, b) => secondsBetween(b.instant, a.instant));
}

function besides(cycle: Diagnosis["cycle"], main: Judgement | null): FrameRef[] {
  if (cycle.kind !== "renewal" || main === null) {
    return [];
  }
  const { basis, unresolved } = cycle;
  if (main.witness === "arp-unanswered") {
    return unresolved.server;
  }
  if (main.cause === "no-request") {
    // What the client had to renew. That it asked for nothing, no frame can show.
    return basis === null ? [] : [basis];
  }
  return main.cause === "no-reply" ? unresolved.client : [];
}
