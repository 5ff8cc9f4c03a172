import type { Diagnosis } from "../../src/findings/diagnose.js";
import type { Finding } from "../../src/findings/finding.js";
import type { Inspection } from "../../src/findings/inspection.js";
import type { Attempt, Lease, Reply } from "../../src/lease/cycle.js";

/** Seconds from the start of a script. */
const START = 1_700_000_000;

/** Every reply in order of time: "ACK accepted", "ACK ignored duplicate". */
export function outcomes(inspection: Inspection): string[] {
  return repliesOf(inspection).map(({ message, outcome, reason }) =>
    [message.kind, outcome, ...(reason === null ? [] : [reason])].join(" "),
  );
}

/** The same with what proved it: "ACK accepted by on-schedule". */
export function proofs(inspection: Inspection): string[] {
  return repliesOf(inspection).map(({ message, outcome, proof }) => `${message.kind} ${outcome} by ${proof}`);
}

/** Every cycle in order of time: "acquisition bound", "renewal expired". */
export function cycles(inspection: Inspection): string[] {
  return inspection.diagnoses.map(({ cycle }) => `${cycle.kind} ${cycle.outcome}`);
}

/** Of every cycle in which something was lost, why: "no-reply certain", "nak certain". */
export function causes(inspection: Inspection): string[] {
  return inspection.diagnoses.flatMap(({ main }) => (main === null ? [] : `${main.cause} ${main.confidence}`));
}

/** Every lost attempt in order of time: "REQUEST at 60: no-reply likely". */
export function lost(inspection: Inspection): string[] {
  return inspection.diagnoses
    .flatMap(({ causes: judged }) => [...judged])
    .sort(([a], [b]) => a.message.time - b.message.time)
    .map(([attempt, { cause, confidence }]) => `${describe(attempt)}: ${cause} ${confidence}`);
}

function describe({ message }: Attempt): string {
  return `${message.kind} at ${seconds(message.time)}`;
}

/** "error no-reply certain", the worst first. */
export function findings(inspection: Inspection): string[] {
  return inspection.findings.map(({ severity, code, confidence }) => `${severity} ${code} ${confidence}`);
}

/** Without notes. */
export function alarms(inspection: Inspection): string[] {
  return findings(inspection).filter((finding) => !finding.startsWith("note "));
}

/** The diagnosis of the only cycle with that outcome, as "renewal expired"; an error if there are more, or none. */
export function only(inspection: Inspection, cycle: string): Diagnosis {
  const found = inspection.diagnoses.filter(({ cycle: { kind, outcome } }) => `${kind} ${outcome}` === cycle);
  const [first, ...more] = found;
  if (first === undefined || more.length > 0) throw new Error(`${found.length} of ${cycles(inspection).join(", ")}`);
  return first;
}

/** The finding of that code; an error if there is not exactly one. */
export function finding(inspection: Inspection, code: string): Finding {
  const found = inspection.findings.filter((candidate) => candidate.code === code);
  const [first, ...more] = found;
  if (first === undefined || more.length > 0) throw new Error(`${found.length} of ${findings(inspection).join(", ")}`);
  return first;
}

/** The last lease in view. */
export function lastLease(inspection: Inspection): Lease {
  const last = inspection.leases.at(-1);
  if (last === undefined) throw new Error("no lease");
  return last;
}

/** States of all leases, oldest first. */
export function leaseStates(inspection: Inspection): string[] {
  return inspection.leases.map(({ state }) => state);
}

/** Seconds from the start of the script, to the millisecond. */
export function seconds(time: number): number {
  return Math.round((time - START) * 1000) / 1000;
}

export function repliesOf(inspection: Inspection): Reply[] {
  return inspection.diagnoses
    .flatMap(({ cycle }) => cycle.attempts.flatMap(({ replies }) => replies))
    .sort((a, b) => a.message.order - b.message.order);
}
